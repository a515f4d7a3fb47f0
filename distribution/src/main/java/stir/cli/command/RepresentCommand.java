package stir.cli.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.console.Resumable;
import stir.cli.option.FormatOption;
import stir.cli.option.InputOptions;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.cli.option.ReuseOptions;
import stir.cli.option.TimeOption;
import stir.cli.report.RepresentationList;
import stir.core.io.files.ExistingPath;
import stir.core.network.Network;
import stir.core.representation.RepresentationReduction;
import stir.core.representation.file.RepresentationFile;
import stir.core.representation.file.SavedRepresentations;
import stir.core.score.CautionText;

/** {@code stir represent}: the representations of inputs, as arrays. */
@Command(
        name = "represent",
        description = {
            "Saves a network's representations of inputs at one or more layers, as arrays.",
            "",
            "Each file is a .npy of float32 with one row per input, in the order of the inputs,"
                    + " that NumPy and `stir similarity` read. After an interruption, the same command"
                    + " continues, with bit-identical files."
        },
        footer = {
            "",
            "Next to each file, FILE.json records its origin: model, layer, inputs. Files of"
                    + " another origin are only replaced with --force.",
            "",
            "Examples:",
            "  stir represent a.pt --inputs images/ --out a.npy",
            "  stir represent a.pt --layer layer3,layer4 --reduce spatial-mean \\",
            "      --inputs images/ --out a/",
            "  stir similarity a/layer3.npy a/layer4.npy"
        })
final class RepresentCommand implements Callable<Integer>, Resumable {
    private static final String ENDING = ".npy";

    /** Other files of arrays, which a folder is not called like by intention. */
    private static final Pattern OTHER_FILE =
            Pattern.compile(".*\\.(npz|csv|tsv|txt|json|mat|h5|hdf5|pt|pth|pkl|parquet|arrow)");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "File or folder of the model.")
    Path model = Path.of("");

    @Mixin
    InputOptions inputs = new InputOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE.npy|DIR",
            required = true,
            description = "File for a single layer, or folder for one file per layer, named after it.")
    Path out = Path.of("");

    @Option(
            names = "--reduce",
            paramLabel = "REDUCTION",
            description = "Reduction of images and tokens to rows: flatten, spatial-mean (of tokens:"
                    + " their mean), class-token (the first), last-token or per-position"
                    + " (default: none, their shape is kept).")
    Optional<RepresentationReduction> reduction = Optional.empty();

    @Option(names = "--force", description = "Replace files of another origin.")
    boolean force;

    @Option(names = "--allow-inconsistent", description = ReuseOptions.INCONSISTENT)
    boolean inconsistent;

    @Mixin
    NetworkOptions network = new NetworkOptions();

    @Mixin
    MachineOptions machine = new MachineOptions();

    @Mixin
    TimeOption time = new TimeOption();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Optional<Path> kept() {
        return Optional.of(out).filter(path -> Files.exists(path) || Files.exists(Path.of(path + ".part")));
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
        if (OTHER_FILE.matcher(name).matches() && !Files.isDirectory(out)) {
            throw new UsageException(
                    "Representations are written only as %s, not into %s: use a file that ends in %s, or a folder."
                            .formatted(ENDING, out, ENDING));
        }
        ExistingPath.check(List.of(model, inputs.path()));
        var opened = network.spec(model, machine);
        var inputs = this.inputs.open(Messages.of(spec.commandLine()));
        var messages = Messages.of(command);
        machine.check(messages);
        var console = Console.of(command);
        var stir = console.load(command);
        var saved = new ArrayList<SavedRepresentations>();
        try (var open = stir.openUnchecked(opened);
                var progress = console.progress(messages, "all")) {
            messages.warn(open.conversions(inputs.shape()));
            var layers = network.layers().isEmpty() ? List.of(open.layer()) : network.layers();
            var files = layers.stream().map(layer -> file(layer, layers.size())).toList();
            for (int i = 0; i < layers.size(); i++) {
                Network at = open.at(layers.get(i));
                saved.add(new RepresentationFile(at, inputs, reduction, inconsistent)
                        .write(files.get(i), force, progress));
            }
            saved.stream()
                    .flatMap(one -> one.inconsistency().stream())
                    .distinct()
                    .map(reason -> CautionText.of(reason.caution(open.name())))
                    .forEach(messages::warn);
        }
        format.print(new RepresentationList(saved), command);
        return ExitCode.DONE;
    }

    private Path file(String layer, int layers) {
        boolean single =
                String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT).endsWith(ENDING) && !Files.isDirectory(out);
        if (!single) {
            return out.resolve(URLEncoder.encode(layer, StandardCharsets.UTF_8) + ENDING);
        }
        if (layers > 1) {
            throw new UsageException(
                    "%s is one file, and there are %d layers: choose a folder with --out.".formatted(out, layers));
        }
        return out;
    }
}
