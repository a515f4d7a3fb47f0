package stir.cli;

import picocli.CommandLine.Option;

import stir.api.Device;

import java.util.Optional;

/** Where models compute. */
final class MachineOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Where models compute: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    Device device = Device.CPU;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads work (default: one a processor).")
    Optional<Integer> threads = Optional.empty();

    int threads() {
        return threads.orElse(Runtime.getRuntime().availableProcessors());
    }
}
