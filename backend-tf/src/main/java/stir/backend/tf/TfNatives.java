package stir.backend.tf;

import org.tensorflow.TensorFlow;

import stir.api.BackendException;
import stir.api.NativeLibraries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Loads TensorFlow's native libraries. JavaCPP would unpack them itself, but not in one step: a
 * process that is killed meanwhile leaves a file cut short, of which every later one dies. So they
 * are unpacked by {@link NativeLibraries}, and JavaCPP is told to look there.
 *
 * <p>JavaCPP's settings are system properties, read once: the first cache that is named in a
 * process stays.
 */
final class TfNatives {
    private static final String PATHS_FIRST = "org.bytedeco.javacpp.pathsFirst";
    private static final String LINK_PATH = "org.bytedeco.javacpp.platform.linkpath";
    private static final String PRELOAD_PATH = "org.bytedeco.javacpp.platform.preloadpath";
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    private static final String VERSION = "1.1.0";
    private static final String RESOURCES = "org/tensorflow/internal/c_api/";
    private static final List<String> LIBRARIES =
            List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libjnitensorflow.so");

    private TfNatives() {}

    /**
     * Unpacks what is not unpacked yet and loads it; does nothing the second time.
     *
     * @throws BackendException if there are no libraries for this platform or they do not load
     */
    static synchronized void load(Path cache) {
        if (System.getProperty(LINK_PATH) == null) {
            var folder = unpack(cache).toAbsolutePath().toString();
            System.setProperty(PATHS_FIRST, "true");
            System.setProperty(LINK_PATH, folder);
            System.setProperty(PRELOAD_PATH, folder);
            System.setProperty(CACHE, cache.toAbsolutePath().toString());
        }
        try {
            TensorFlow.version();
        } catch (LinkageError e) {
            throw new BackendException(
                    "TensorFlow's native library does not load (%s): check that %s is complete and that the system is Linux with glibc."
                            .formatted(Messages.firstLine(e), System.getProperty(LINK_PATH)),
                    e);
        }
    }

    /** Unpacks the libraries for GPUs where their jar is there, else those for the CPU. */
    static Path unpack(Path cache) {
        var loader = TensorFlow.class.getClassLoader();
        var cpu = platform();
        var gpu = cpu + "-gpu";
        var platform = loader.getResource(resources(gpu).get(0)) != null ? gpu : cpu;
        var folder =
                NativeLibraries.unpack(
                        loader,
                        resources(platform),
                        cache.resolve("tensorflow-" + VERSION + "-" + platform));
        for (String resource : resources(platform)) {
            requireWhole(loader, resource, folder);
        }
        return folder;
    }

    /** A library that was cut short later, by a full disk or a copy, would kill the process. */
    private static void requireWhole(ClassLoader loader, String resource, Path folder) {
        var file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        var source = loader.getResource(resource);
        try {
            if (source == null
                    || Files.size(file) == source.openConnection().getContentLengthLong()) {
                return;
            }
        } catch (IOException e) {
            throw new BackendException(damaged(file), e);
        }
        throw new BackendException(damaged(file));
    }

    private static String damaged(Path file) {
        return "The unpacked library %s is damaged: delete the folder %s and start again."
                .formatted(file.getFileName(), file.getParent());
    }

    private static List<String> resources(String platform) {
        return LIBRARIES.stream().map(name -> RESOURCES + platform + "/" + name).toList();
    }

    /** The platform as TensorFlow's jars write it. */
    private static String platform() {
        var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        var processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        var cpu =
                switch (processor) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> processor;
                };
        if (!system.startsWith("linux")) {
            throw new BackendException(
                    "The TensorFlow backend runs on Linux, not on %s: use another backend here."
                            .formatted(system));
        }
        return "linux-" + cpu;
    }
}
