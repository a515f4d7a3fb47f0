package stir.core.runtime.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The memory that this process has needed, native libraries included, and that of the machine. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");

    private ProcessMemory() {}

    /** Returns the peak; empty where the operating system does not report it. */
    public static OptionalLong peakBytes() {
        return kilobytes(STATUS, PEAK);
    }

    /** Returns the machine's memory; empty where the operating system does not report it. */
    public static OptionalLong machineBytes() {
        return kilobytes(MACHINE, TOTAL);
    }

    private static OptionalLong kilobytes(Path file, Pattern line) {
        try {
            var matcher = line.matcher(Files.readString(file));
            return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
