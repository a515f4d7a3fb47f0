package stir.api.support;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import stir.api.Experimental;

/**
 * NVIDIA's libraries on Linux that a computation on a GPU loads, found as the dynamic linker finds
 * them and without loading them.
 *
 * @param driver the file of the driver's library
 * @param cuda the file of CUDA 12's runtime
 * @param cudnn the file of cuDNN 9
 * @since 0.1.0
 */
@Experimental
public record CudaLibraries(Optional<Path> driver, Optional<Path> cuda, Optional<Path> cudnn) {
    private static final String DRIVER = "libcuda.so.1";
    private static final String CUDA = "libcudart.so.12";
    private static final String CUDNN = "libcudnn.so.9";

    private static final Path LOADED = Path.of("/proc/self/maps");

    /** The linker's list of the system's libraries. */
    private static final Path CACHE = Path.of("/etc/ld.so.cache");

    private static final List<Path> SYSTEM = Stream.of(
                    "/lib64", "/usr/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu")
            .map(Path::of)
            .toList();

    /**
     * Finds the libraries.
     *
     * @param first folders in which the caller's library looks before all others
     */
    public static CudaLibraries find(List<Path> first) {
        var folders = new ArrayList<>(first);
        var variable = System.getenv("LD_LIBRARY_PATH");
        if (variable != null) {
            Stream.of(variable.split(File.pathSeparator, -1))
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of)
                    .forEach(folders::add);
        }
        folders.addAll(SYSTEM);
        return in(folders, List.of(LOADED, CACHE));
    }

    /**
     * Finds the libraries: those that are loaded, then those in folders, then those of the linker.
     *
     * @param lists the files that contain paths of libraries, of the process and of the linker
     */
    static CudaLibraries in(List<Path> folders, List<Path> lists) {
        return new CudaLibraries(find(DRIVER, folders, lists), find(CUDA, folders, lists), find(CUDNN, folders, lists));
    }

    private static Optional<Path> find(String name, List<Path> folders, List<Path> lists) {
        return listed(name, lists.get(0))
                .or(() -> folders.stream()
                        .map(f -> f.resolve(name))
                        .filter(Files::exists)
                        .findFirst())
                .or(() -> listed(name, lists.get(1)));
    }

    /** Returns the first path of a library, or of a version of it, among the bytes of a file. */
    private static Optional<Path> listed(String name, Path list) {
        var path = Pattern.compile("/[^\\x00\\n]*/" + Pattern.quote(name) + "[.\\d]*(?=[\\x00\\n])");
        try {
            return path.matcher(Files.readString(list, StandardCharsets.ISO_8859_1))
                    .results()
                    .map(match -> Path.of(match.group()))
                    .filter(Files::exists)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the version of CUDA's runtime, such as 12.8.90, as far as its file shows it. */
    public Optional<String> cudaVersion() {
        return cuda.map(file -> version(file, CUDA, "nvidia_cuda_runtime_cu12-"));
    }

    /** Returns the version of cuDNN, such as 9.5.1.17, as far as its file shows it. */
    public Optional<String> cudnnVersion() {
        return cudnn.map(file -> version(file, CUDNN, "nvidia_cudnn_cu12-"));
    }

    /** Returns a version by the name of the file, or of the package next to it. */
    private static String version(Path file, String name, String packageName) {
        var least = name.replaceFirst(".*\\.so\\.", "");
        try {
            var real = file.toRealPath();
            var version = real.getFileName().toString().replaceFirst(".*\\.so\\.", "");
            var packages = real.resolve("../../../..").normalize();
            if (!version.equals(least) || !Files.isDirectory(packages)) {
                return version;
            }
            try (var entries = Files.list(packages)) {
                return entries.map(entry -> entry.getFileName().toString())
                        .filter(entry -> entry.startsWith(packageName))
                        .filter(entry -> entry.endsWith(".dist-info"))
                        .map(entry -> entry.substring(packageName.length()))
                        .map(entry -> entry.substring(0, entry.indexOf(".dist-info")))
                        .findFirst()
                        .orElse(version);
            }
        } catch (IOException e) {
            return least;
        }
    }

    /**
     * Returns the reason for which a library can't compute on a GPU, as a clause without a full
     * stop: all that is missing or too old, with both versions, and then the library's own words.
     *
     * @param needed the oldest CUDA that the library runs with, such as 12.8
     * @param words the library's own reason, which may be empty
     */
    public String reason(String needed, String words) {
        var reasons = new ArrayList<String>();
        if (driver.isEmpty()) {
            reasons.add("NVIDIA's driver is missing (" + DRIVER + ")");
        }
        var version = cudaVersion();
        if (version.isEmpty()) {
            reasons.add("CUDA %s is missing (%s)".formatted(needed, CUDA));
        } else if (isOlder(version.get(), needed)) {
            reasons.add("CUDA is %s and must be %s or a newer 12".formatted(version.get(), needed));
        }
        if (cudnn.isEmpty()) {
            reasons.add("cuDNN 9 is missing (" + CUDNN + ")");
        }
        var visible = System.getenv("CUDA_VISIBLE_DEVICES");
        if (visible != null) {
            reasons.add("CUDA_VISIBLE_DEVICES is '" + visible + "'");
        }
        if (!words.isEmpty()) {
            reasons.add(words);
        }
        return String.join("; ", reasons);
    }

    /** Returns whether a version is older; false if its second number is unknown. */
    private static boolean isOlder(String version, String needed) {
        var parts = version.split("\\.", -1);
        var least = needed.split("\\.", -1);
        return parts.length > 1
                && parts[0].equals(least[0])
                && parts[1].matches("\\d{1,4}")
                && Integer.parseInt(parts[1]) < Integer.parseInt(least[1]);
    }
}
