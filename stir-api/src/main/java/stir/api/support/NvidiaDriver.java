package stir.api.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * NVIDIA's driver as it reports itself on Linux, read without a library.
 *
 * @param models the names of the machine's GPUs, each name once, sorted
 * @param version the driver's version; empty if it is unknown
 */
record NvidiaDriver(List<String> models, String version) {
    private static final Pattern MODEL = Pattern.compile("(?m)^Model:\\s*(.+?)\\s*$");
    private static final Pattern VERSION = Pattern.compile("(?m)^NVRM version:.*?\\s(\\d+(?:\\.\\d+)+)\\s");

    /** Copies the names. */
    NvidiaDriver {
        models = List.copyOf(models);
    }

    /**
     * Reads the driver's report.
     *
     * @param proc the folder {@code /proc}
     */
    static NvidiaDriver at(Path proc) {
        var driver = proc.resolve("driver").resolve("nvidia");
        var models = new TreeSet<String>();
        for (var gpu : entries(driver.resolve("gpus"))) {
            models.addAll(matches(MODEL, gpu.resolve("information")));
        }
        var versions = matches(VERSION, driver.resolve("version"));
        return new NvidiaDriver(List.copyOf(models), versions.isEmpty() ? "" : versions.get(0));
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> matches(Pattern pattern, Path file) {
        var values = new ArrayList<String>();
        try {
            pattern.matcher(Files.readString(file)).results().forEach(match -> values.add(match.group(1)));
        } catch (IOException e) {
            return List.of();
        }
        return values;
    }

    /**
     * Returns the GPU and the driver: {@code NVIDIA H100 80GB HBM3, driver 550.54.15}. If the
     * models differ, all are named, because CUDA numbers GPUs in another order.
     */
    String describe() {
        var gpu = models.isEmpty() ? "NVIDIA" : String.join(" or ", models);
        return version.isEmpty() ? gpu : gpu + ", driver " + version;
    }
}
