package stir.core.runtime.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The memory of NVIDIA GPUs, as the program of their driver reports it. */
public final class GpuMemory {
    /** The seconds after which the program is ended: a driver in trouble may never answer. */
    private static final int TIMEOUT = 20;

    /** The memory of this machine, which is asked for once. */
    private static final class MachineMemory {
        static final OptionalLong BYTES = bytes(List.of("nvidia-smi", "-q", "-d", "MEMORY"));
    }

    private static final Pattern TOTAL = Pattern.compile("FB Memory Usage\\s+Total\\s*:\\s*(\\d{1,9}) MiB");

    private GpuMemory() {}

    /** Returns the memory of this machine's smallest GPU, as {@link #bytes} does. */
    public static OptionalLong ofMachine() {
        return MachineMemory.BYTES;
    }

    /**
     * Returns the memory of the machine's smallest GPU, in bytes, since CUDA and the driver number
     * GPUs differently. Empty if the program does not run.
     *
     * @param command the program with its arguments
     */
    public static OptionalLong bytes(List<String> command) {
        try {
            var program = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            program.getOutputStream().close();
            try (var out = program.getInputStream()) {
                // The report of a few kilobytes fits into the pipe.
                if (!program.waitFor(TIMEOUT, TimeUnit.SECONDS)) {
                    return OptionalLong.empty();
                }
                var report = new String(out.readAllBytes(), StandardCharsets.US_ASCII);
                return TOTAL.matcher(report)
                        .results()
                        .mapToLong(match -> Long.parseLong(match.group(1)) << 20)
                        .min();
            } finally {
                program.destroyForcibly();
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }
}
