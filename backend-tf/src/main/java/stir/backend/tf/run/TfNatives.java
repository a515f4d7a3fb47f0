package stir.backend.tf.run;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.tensorflow.TensorFlow;
import stir.api.BackendException;
import stir.api.support.NativeLibraries;
import stir.api.support.Platform;
import stir.backend.tf.graph.TensorFlowMessages;

/**
 * The loading of TensorFlow's native libraries. JavaCPP would unpack them itself, but not
 * atomically: if the process is killed meanwhile, a truncated file remains that ends every later
 * process. So {@link NativeLibraries} unpacks them, and JavaCPP is configured to load them from
 * there.
 *
 * <p>JavaCPP's settings are system properties that are read once, so the first cache of a process
 * stays in use.
 */
public final class TfNatives {
    private static final String PATHS_FIRST = "org.bytedeco.javacpp.pathsFirst";
    private static final String LINK_PATH = "org.bytedeco.javacpp.platform.linkpath";
    private static final String PRELOAD_PATH = "org.bytedeco.javacpp.platform.preloadpath";
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    private static final String VERSION = "1.1.0";
    private static final String RESOURCES = "org/tensorflow/internal/c_api/";

    /** An identifier of this class that differs for each class loader. */
    private static final String CLAIMANT = UUID.randomUUID().toString();

    private TfNatives() {}

    /**
     * Unpacks the libraries if necessary and loads them. Idempotent.
     *
     * @throws BackendException if there are no libraries for this platform, if they do not load, or
     *     if another class loader has loaded them, which would end the process
     */
    public static synchronized void load(Path cache) {
        NativeLibraries.claim("TensorFlow", CLAIMANT);
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
                    "TensorFlow's native library does not load (%s): check that %s is complete and that the system is Linux with glibc, macOS or Windows."
                            .formatted(TensorFlowMessages.firstLine(e), System.getProperty(LINK_PATH)),
                    e);
        }
    }

    /** Unpacks the libraries for GPUs if their jar exists, otherwise those for the CPU. */
    static Path unpack(Path cache) {
        var loader = TensorFlow.class.getClassLoader();
        var cpu = platform();
        var gpu = cpu + "-gpu";
        var platform = loader.getResource(resources(gpu).get(0)) != null ? gpu : cpu;
        return NativeLibraries.unpack(
                loader, resources(platform), cache.resolve("tensorflow-" + VERSION + "-" + platform));
    }

    private static List<String> resources(String platform) {
        return libraries(Platform.current().system()).stream()
                .map(name -> RESOURCES + platform + "/" + name)
                .toList();
    }

    private static List<String> libraries(String system) {
        return switch (system) {
            case "mac" ->
                List.of("libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib", "libjnitensorflow.dylib");
            case "windows" ->
                List.of(("tensorflow.dll jnitensorflow.dll libiomp5md.dll concrt140.dll"
                                + " msvcp140.dll vcomp140.dll vcruntime140.dll vcruntime140_1.dll")
                        .split(" ", -1));
            default -> List.of("libtensorflow_framework.so.2", "libtensorflow_cc.so.2", "libjnitensorflow.so");
        };
    }

    /** Returns the platform's name in TensorFlow's jars. */
    private static String platform() {
        var current = Platform.current();
        var processor = current.processor().equals("aarch64") ? "arm64" : current.processor();
        return switch (current.system()) {
            case "linux", "windows" -> current.system() + "-" + processor;
            case "mac" -> "macosx-" + processor;
            default ->
                throw new BackendException(
                        "The TensorFlow backend runs on Linux, macOS and Windows, not on %s: use another backend here."
                                .formatted(current.system()));
        };
    }
}
