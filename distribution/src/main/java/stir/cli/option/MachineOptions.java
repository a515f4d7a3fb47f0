package stir.cli.option;

import java.util.Optional;
import picocli.CommandLine.Option;
import stir.api.Device;
import stir.cli.console.Messages;
import stir.core.network.Resources;

/** The device and the resources that models use. */
public final class MachineOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Device of the models: cpu, cuda or cuda:N (default: cpu).")
    Optional<Device> device = Optional.empty();

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: one per processor).")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Number of inputs per batch (default: 100); fewer need less memory. On a GPU it"
                    + " also bounds the rows of a pass, on which last bits depend.")
    Optional<Integer> batchSize = Optional.empty();

    @Option(
            names = "--cpu-isa",
            paramLabel = "ISA",
            description = "Newest instruction set that PyTorch and TensorFlow may use: sse4.2, avx2 or"
                    + " avx512 (default: the processor's newest). Set it for the same last bits on"
                    + " different machines. ONNX Runtime has no such setting.")
    Optional<CpuIsa> isa = Optional.empty();

    /**
     * Returns the resources that networks may use.
     *
     * @throws stir.api.UsageException if a value is out of its range
     */
    Resources resources() {
        return over(Resources.ofMachine());
    }

    /** Returns the resources of networks: the options over the given defaults. */
    Resources over(Resources otherwise) {
        return new Resources(
                device.orElse(otherwise.device()),
                threads.orElse(otherwise.threads()),
                batchSize.orElse(otherwise.batchSize()));
    }

    /** Warns of options that have no effect on this machine. */
    public void check(Messages messages) {
        warning().ifPresent(messages::warn);
    }

    /** Returns a warning of options that have no effect on this machine. */
    Optional<String> warning() {
        return isa.filter(asked -> !asked.isPinned(System.getenv()))
                .map("--cpu-isa %s has no effect: only the launcher bin/stir can pin the instruction set."::formatted);
    }
}
