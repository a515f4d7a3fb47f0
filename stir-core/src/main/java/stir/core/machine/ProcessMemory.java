package stir.core.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How much memory this process has needed, libraries outside Java's heap included. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private ProcessMemory() {}

    /** The most that it has held at a time; empty where the system does not tell. */
    public static OptionalLong peakBytes() {
        try {
            var found = PEAK.matcher(Files.readString(STATUS));
            return found.find()
                    ? OptionalLong.of(Long.parseLong(found.group(1)) << 10)
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
