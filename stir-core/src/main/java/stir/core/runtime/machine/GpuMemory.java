package stir.core.runtime.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The memory of NVIDIA GPUs, as the program of their driver reports it. */
public final class GpuMemory {
    /** The driver's program, which reports the memory of each GPU. */
    public static final List<String> COMMAND = List.of("nvidia-smi", "-q", "-d", "MEMORY");

    private static final Pattern TOTAL =
            Pattern.compile("FB Memory Usage\\s+Total\\s*:\\s*(\\d{1,9}) MiB");

    private GpuMemory() {}

    /**
     * Returns the memory of the machine's smallest GPU, in bytes, since CUDA and the driver number
     * GPUs differently. Empty if the program does not run.
     *
     * @param command the program with its arguments
     */
    public static OptionalLong bytes(List<String> command) {
        try {
            var program =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            program.getOutputStream().close();
            try (var out = program.getInputStream()) {
                var report = new String(out.readAllBytes(), StandardCharsets.US_ASCII);
                return TOTAL.matcher(report)
                        .results()
                        .mapToLong(match -> Long.parseLong(match.group(1)) << 20)
                        .min();
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
