package stir.cli.option;

import picocli.CommandLine.Option;

import stir.api.Device;
import stir.cli.console.Messages;
import stir.core.network.Resources;

import java.util.Optional;

/** Where models compute. */
public final class MachineOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Where models compute: cpu, cuda or cuda:N (default: cpu).")
    Optional<Device> device = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads work (default: one per processor).")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description =
                    "How many inputs are worked on at a time (default: 100); less needs less memory.")
    Optional<Integer> batchSize = Optional.empty();

    @Option(
            names = "--cpu-isa",
            paramLabel = "ISA",
            description =
                    "The newest instructions of the processor that PyTorch and TensorFlow may use: sse4.2, avx2 or avx512 (default: all that it has), so that unlike machines find the same last digits. ONNX Runtime has no such setting.")
    Optional<CpuIsa> isa = Optional.empty();

    /**
     * What networks may use.
     *
     * @throws stir.api.UsageException if a value is out of its range
     */
    Resources resources() {
        return over(Resources.ofMachine());
    }

    /** What networks may use, where nothing else was asked for. */
    Resources over(Resources otherwise) {
        return new Resources(
                device.orElse(otherwise.device()),
                threads.orElse(otherwise.threads()),
                batchSize.orElse(otherwise.batchSize()));
    }

    /** Warns of what was asked for and can't be had. */
    public void check(Messages messages) {
        warning().ifPresent(messages::warn);
    }

    /** What was asked for and can't be had. */
    Optional<String> warning() {
        return isa.filter(asked -> !asked.isPinned(System.getenv()))
                .map(
                        "--cpu-isa %s has no effect: only the launcher bin/stir can pin the instruction set."
                                ::formatted);
    }
}
