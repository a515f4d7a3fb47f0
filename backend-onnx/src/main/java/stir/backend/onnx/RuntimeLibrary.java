package stir.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import stir.api.BackendException;
import stir.api.support.NativeLibraries;
import stir.api.support.Platform;

/** ONNX Runtime's native code, loaded once per process. */
final class RuntimeLibrary {
    /** The environment variable that prevents the runtime's telemetry, if its value is 1. */
    private static final String NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    /** Crashes were observed from 3,980 characters on. */
    private static final int LONGEST_COMMAND_LINE = 3500;

    /** The property from which ONNX Runtime reads the folder of its native libraries. */
    private static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final String RESOURCES = "ai/onnxruntime/native/";

    /** The mark, for all class loaders of the process, that the environment is retained. */
    private static final String RETAINED = "stir.onnxruntime.kept";

    private RuntimeLibrary() {}

    /**
     * Loads the native code unless it is loaded.
     *
     * <p>By default, ONNX Runtime would unpack itself into a new temporary folder in each process
     * and not always remove it.
     *
     * @param cache the folder to unpack it into
     * @throws BackendException if there is no library for this machine, or if it does not load
     */
    static OrtEnvironment load(Path cache) {
        synchronized (RuntimeLibrary.class) {
            try {
                requireShortCommandLine();
                if (System.getProperty(PATH_PROPERTY) == null) {
                    System.setProperty(PATH_PROPERTY, unpack(cache).toString());
                }
                var environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
                environment.setTelemetry(false);
                retainEnvironment();
                removeTemporaryFolder();
                return environment;
            } catch (OrtException e) {
                throw new BackendException(
                        "ONNX Runtime does not switch off its telemetry (%s): set %s=1."
                                .formatted(e.getMessage(), NO_TELEMETRY),
                        e);
            } catch (LinkageError | IllegalStateException e) {
                throw NativeLibraries.loadedElsewhere("ONNX Runtime", e)
                        .orElseGet(() -> new BackendException(
                                "ONNX Runtime's native library does not load from %s (%s): delete that folder, or use a jar of onnxruntime for this machine."
                                        .formatted(System.getProperty(PATH_PROPERTY), reason(e)),
                                e));
            }
        }
    }

    /**
     * Checks the length of the process's command line, unless the user has switched off the
     * runtime's telemetry: it reads the command line on Linux and crashes if it is long.
     */
    private static void requireShortCommandLine() {
        if ("1".equals(System.getenv(NO_TELEMETRY))) {
            return;
        }
        try {
            var line = Files.readAllBytes(COMMAND_LINE);
            if (line.length > LONGEST_COMMAND_LINE) {
                throw new BackendException(
                        "ONNX Runtime would crash, because this process has a command line of %d characters: set the environment variable %s=1."
                                .formatted(line.length, NO_TELEMETRY));
            }
        } catch (IOException e) {
            System.getLogger(RuntimeLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "There is no " + COMMAND_LINE, e);
        }
    }

    /**
     * Acquires the native environment a second time and never releases it. The runtime's own
     * shutdown hook frees it once, possibly while other threads still open or run sessions, and the
     * process would abort.
     */
    private static void retainEnvironment() {
        if (System.getProperties().putIfAbsent(RETAINED, "true") != null) {
            return;
        }
        try {
            var api = runtimeClass().getDeclaredField("ortApiHandle");
            var hold = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            hold.setAccessible(true);
            hold.invoke(
                    null,
                    api.getLong(null),
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL.getValue(),
                    OrtEnvironment.DEFAULT_NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.getLogger(RuntimeLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "ONNX Runtime ends before its users", e);
        }
    }

    /** Returns the innermost message, since the runtime wraps the loader's. */
    private static String reason(Throwable e) {
        var reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason.lines().findFirst().orElse(reason);
    }

    /**
     * Removes the empty folder that the runtime creates for unpacking. The runtime would leave it
     * if the process is killed.
     */
    private static void removeTemporaryFolder() {
        try {
            var field = runtimeClass().getDeclaredField("tempDirectory");
            field.setAccessible(true);
            if (field.get(null) instanceof Path folder) {
                Files.deleteIfExists(folder);
            }
        } catch (ReflectiveOperationException | RuntimeException | IOException e) {
            System.getLogger(RuntimeLibrary.class.getName())
                    .log(System.Logger.Level.DEBUG, "ONNX Runtime's temporary folder stays", e);
        }
    }

    private static Class<?> runtimeClass() throws ClassNotFoundException {
        return Class.forName(OrtEnvironment.class.getPackageName() + ".OnnxRuntime");
    }

    private static Path unpack(Path cache) {
        var loader = OrtEnvironment.class.getClassLoader();
        var platform = platform();
        var resources = Stream.of(
                        "onnxruntime",
                        "onnxruntime4j_jni",
                        "onnxruntime_providers_shared",
                        "onnxruntime_providers_cuda")
                .map(name -> RESOURCES + platform + "/" + System.mapLibraryName(name))
                .toList();
        var present = resources.stream()
                .filter(name -> loader.getResource(name) != null)
                .toList();
        var needed = resources.subList(0, 2);
        var all = present.containsAll(needed) ? present : needed;
        var flavour = all.size() > needed.size() ? "gpu" : "cpu";
        return NativeLibraries.unpack(
                loader,
                all,
                cache.resolve(String.join("-", "onnxruntime", version().orElse("any"), platform, flavour)));
    }

    /** Returns the runtime's version, if its module or its manifest states it. */
    static Optional<String> version() {
        var runtime = OrtEnvironment.class;
        return Optional.ofNullable(runtime.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(runtime.getPackage().getImplementationVersion()));
    }

    /** Returns the name of this platform's folder in the jar. */
    private static String platform() {
        var current = Platform.current();
        var system = switch (current.system()) {
            case "mac" -> "osx";
            case "windows" -> "win";
            default -> "linux";
        };
        var processor = current.processor().equals("x86_64") ? "x64" : current.processor();
        return system + "-" + processor;
    }
}
