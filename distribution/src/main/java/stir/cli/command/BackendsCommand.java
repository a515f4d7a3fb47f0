package stir.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stir.api.BackendException;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.UsageException;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.option.FormatOption;
import stir.cli.report.BackendList;
import stir.core.Stir;

/** {@code stir backends}: the libraries that run models. */
@Command(
        name = "backends",
        description = {
            "Lists the backends, which run models, with the settings of each.",
            "",
            "A backend is a folder of jars in backends/."
        },
        footer = {"", "Example:", "  stir backends --devices      loads native code, which takes seconds"})
final class BackendsCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--devices", description = "List the devices of each backend, or the reason why it finds no GPU.")
    boolean devices;

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var stir = Console.of(command).load(command);
        var backends = stir.extensions().backends().values();
        Map<String, List<Device>> devicesByBackend = new LinkedHashMap<>();
        Map<String, String> noGpu = new LinkedHashMap<>();
        List<BackendProvider> failing = new ArrayList<>();
        if (devices) {
            for (var backend : backends) {
                if (!find(stir, backend, devicesByBackend, noGpu, Messages.of(command))) {
                    failing.add(backend);
                }
            }
        }
        format.print(new BackendList(List.copyOf(backends), devicesByBackend, noGpu), command);
        return failing.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Finds the devices of a backend; a failure is reported and does not stop the listing. */
    private boolean find(
            Stir stir,
            BackendProvider backend,
            Map<String, List<Device>> devicesByBackend,
            Map<String, String> noGpu,
            Messages messages) {
        try {
            var obstacle = stir.gpuObstacle(backend); // loads the library for GPUs, if it is installed
            obstacle.ifPresent(reason -> noGpu.put(backend.id(), reason));
            devicesByBackend.put(backend.id(), stir.devices(backend));
            return true;
        } catch (BackendException | UsageException e) {
            messages.error("The backend '" + backend.id() + "' fails: " + e.getMessage(), ExitCode.FAILED);
            return false;
        }
    }
}
