package stir.core.runtime.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** The memory of NVIDIA GPUs, as the program of their driver reports it. */
public final class GpuMemory {
    /** The driver's program, which prints one line of megabytes per GPU. */
    public static final List<String> COMMAND =
            List.of("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits");

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
                return new String(out.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.matches("\\d{1,9}"))
                        .mapToLong(line -> Long.parseLong(line) << 20)
                        .min();
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
