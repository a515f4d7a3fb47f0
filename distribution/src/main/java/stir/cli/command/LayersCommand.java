package stir.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.Device;
import stir.api.Shape;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.PassLimit;
import stir.cli.option.FormatOption;
import stir.cli.option.GivenInputOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.LayerList;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;
import stir.core.network.Resources;

/** {@code stir layers}: the layers of a network. */
@Command(
        name = "layers",
        description = {
            "Lists the layers at which a network can be measured, each below the layer that" + " contains it.",
            "",
            "The layer marked with * is the default. Without --timeout, the command stops if the"
                    + " network takes more than 90 seconds."
        },
        footer = {
            "",
            "Examples:",
            "  stir layers a.pt",
            "  stir layers a.pt --shape 3x224x224     with shapes missing in the file"
        })
final class LayersCommand implements Callable<Integer>, PassLimit.Limited {
    private final PassLimit passes = new PassLimit(PassLimit.USUAL);

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "File or folder of the model.")
    Path model = Path.of("");

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description = "Shape of one input of the model, such as 3x224x224 (default: the file's).")
    Optional<Shape> shape = Optional.empty();

    @Option(
            names = "--backend",
            paramLabel = "ID",
            description = "Backend that runs the model (default: whichever recognises the file).")
    Optional<String> backend = Optional.empty();

    @Option(names = "--setting", paramLabel = "KEY=VALUE", description = "Setting of that backend. Repeatable.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Mixin
    GivenInputOptions given = new GivenInputOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public PassLimit passes() {
        return passes;
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var stir = Console.of(command).load(command);
        var network = new NetworkSpec(
                model,
                backend,
                List.of(),
                Preprocessing.NONE,
                new Resources(Device.CPU, 1, Resources.BATCH_SIZE),
                settings,
                given.inputs(),
                List.of());
        try (var open = passes.open(() -> stir.describe(network))) {
            format.print(new LayerList(open, shape.orElse(open.input().shape())), command);
        }
        return ExitCode.DONE;
    }
}
