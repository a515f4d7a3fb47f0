package stir.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import stir.api.BackendException;
import stir.api.Device;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.AbandonedFiles;
import stir.api.support.CudaLibraries;
import stir.api.support.IoReason;
import stir.api.support.NativeLibraries;
import stir.api.support.Processor;
import stir.api.support.RuntimeFacts;

/**
 * libtorch in this process. It is loaded once, by the first model or by an earlier user of DJL; its
 * version, folder and number of threads then stay fixed for the process.
 */
final class PyTorch {
    /** The CUDA for which PyTorch's packages of 2.7.1 are built. */
    private static final String CUDA = "12.6";

    /** The maximum number of GPUs that are tried. */
    private static final int MAX_GPUS = 16;

    private static final String SCRATCH_PREFIX = "stir-";
    private static final String CACHE = "ENGINE_CACHE_DIR";
    private static final String LIBRARY = "PYTORCH_LIBRARY_PATH";
    private static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String THREADS = "ai.djl.pytorch.num_threads";

    /** JNA's property; set, JNA does not load its native library from its jar. */
    private static final String WITHOUT_JNA = "jna.noclasspath";

    /** The seed from which libtorch's random numbers begin again each time they are examined. */
    private static final int SEED = 58;

    private final Engine engine;
    private final Path scratch;

    private PyTorch(Engine engine, Path scratch) {
        this.engine = engine;
        this.scratch = scratch;
    }

    /**
     * Loads libtorch unless it is loaded.
     *
     * @param cache the folder for the bundled libraries and for prepared archives
     * @param library a folder with an installed libtorch, or null for the bundled one
     * @throws UsageException if the folder does not contain libtorch, or another one is loaded
     *     already
     * @throws BackendException if it does not load
     */
    static PyTorch load(Path cache, @Nullable Path library) {
        synchronized (PyTorch.class) {
            var scratch = cache.resolve("archives");
            sweep(cache.resolve("pytorch"), "tmp"); // DJL first unpacks into such folders
            sweep(scratch, SCRATCH_PREFIX);
            var engine = engine(cache, library);
            if (library != null && !isLoadedFrom(library)) {
                throw new UsageException(
                        "PyTorch is already loaded from %s, and a process cannot load another: start it again to use %s."
                                .formatted(LibUtils.getLibtorchPath(), library));
            }
            return new PyTorch(engine, scratch);
        }
    }

    /**
     * Returns whether anything in the process has drawn random numbers since the previous call, and
     * begins with the same numbers again: libtorch has one source of them.
     */
    static boolean drewRandomNumbers(NDManager arrays) {
        synchronized (PyTorch.class) {
            float next = draw(arrays);
            JniUtils.setSeed(SEED);
            boolean drew = next != draw(arrays);
            JniUtils.setSeed(SEED);
            return drew;
        }
    }

    private static float draw(NDManager arrays) {
        try (var number = arrays.randomUniform(0, 1, new Shape(1))) {
            return number.getFloat();
        }
    }

    /**
     * Sets the number of threads per operation for the whole process, unless an earlier model or
     * DJL's property has set it.
     */
    void useThreads(int threads) {
        synchronized (PyTorch.class) {
            if (setUnlessSet(THREADS, Integer.toString(threads))) {
                JniUtils.setNumThreads(threads);
            }
        }
    }

    /** Sets a system property that DJL reads, unless it is set; returns whether it was unset. */
    static boolean setUnlessSet(String property, String value) {
        boolean isUnset = setting(property) == null;
        if (isUnset) {
            System.setProperty(property, value);
        }
        return isUnset;
    }

    private static void useLibrary(Path library) {
        var torch = library.resolve(System.mapLibraryName("torch"));
        if (!Files.isRegularFile(torch)) {
            throw new UsageException("There is no PyTorch library in %s (%s): %s."
                    .formatted(
                            library,
                            torch.getFileName(),
                            isLibraryChosen()
                                    ? "set the variable PYTORCH_LIBRARY_PATH to the folder lib of a libtorch 2.7.1, or unset it for the bundled one"
                                    : "install it again with stir-gpu"));
        }
        var missing = lacksDriver(library);
        if (missing.isPresent()) {
            throw new UsageException(
                    "PyTorch finds no GPU (%s), and the libtorch in %s loads only with NVIDIA's driver: install what is missing, or compute on the CPU with the bundled one."
                            .formatted(missing.get(), library),
                    Remedy.INSTALL_GPU_LIBRARIES,
                    Remedy.COMPUTE_ON_CPU);
        }
        setUnlessSet(LIBRARY, library.toAbsolutePath().toString());
        setUnlessSet(FLAVOR, isForCuda(library) ? "cu128" : "cpu");
    }

    private static boolean isForCuda(Path library) {
        return Files.exists(library.resolve(System.mapLibraryName("torch_cuda")));
    }

    /** Returns the reason why a libtorch for GPUs does not load, which needs the driver. */
    static Optional<String> lacksDriver(Path library) {
        var libraries = libraries(library);
        return isForCuda(library) && libraries.driver().isEmpty()
                ? Optional.of(libraries.reason(CUDA, ""))
                : Optional.empty();
    }

    /** Returns NVIDIA's libraries, which a libtorch looks for in the packages next to its own. */
    private static CudaLibraries libraries(Path library) {
        var nvidia = library.toAbsolutePath().resolve("../../nvidia").normalize();
        return CudaLibraries.find(List.of(
                library,
                nvidia.resolve("cuda_runtime").resolve("lib"),
                nvidia.resolve("cudnn").resolve("lib")));
    }

    /** Returns whether DJL's variable names a libtorch other than the bundled one. */
    static boolean isLibraryChosen() {
        return setting(LIBRARY) != null;
    }

    private static boolean isLoadedFrom(Path library) {
        try {
            return Files.isSameFile(Path.of(LibUtils.getLibtorchPath()), library);
        } catch (IOException e) {
            return false;
        }
    }

    private static void sweep(Path folder, String prefix) {
        try {
            AbandonedFiles.sweep(folder, prefix);
        } catch (IOException e) {
            System.getLogger(PyTorch.class.getName()).log(System.Logger.Level.DEBUG, "Could not sweep " + folder, e);
        }
    }

    /**
     * Creates a file for a prepared archive; the caller deletes it.
     *
     * @throws BackendException if the cache can't be written
     */
    Path scratchFile() {
        try {
            return Files.createTempFile(Files.createDirectories(scratch), SCRATCH_PREFIX, ".pt");
        } catch (IOException e) {
            throw new BackendException(
                    "No file can be created in %s (%s): set STIR_CACHE to another folder, or free some disk space."
                            .formatted(scratch, IoReason.of(e)),
                    e);
        }
    }

    /**
     * Loads DJL's engine with this class's loader as context class loader, through which DJL
     * searches engines and natives; a failed first search would be final.
     */
    private static Engine engine(Path cache, @Nullable Path library) {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(PyTorch.class.getClassLoader());
        try (var properties = new LoadingProperties()) {
            properties.set("ai.djl.offline", "true"); // nothing is downloaded
            properties.set("OPT_OUT_TRACKING", "true"); // no telemetry is sent
            setUnlessSet(CACHE, cache.toAbsolutePath().toString());
            var chosen = setting(LIBRARY);
            if (chosen != null) {
                useLibrary(Path.of(chosen));
            } else if (library != null) {
                useLibrary(library);
            } else {
                // DJL asks CUDA for GPUs through JNA, which unpacks a library and runs ldconfig,
                // and the bundled libtorch is for the CPU.
                properties.set(WITHOUT_JNA, "true");
            }
            unpackBundled();
            return Engine.getEngine(PtEngine.ENGINE_NAME);
        } catch (EngineException | LinkageError e) {
            throw NativeLibraries.loadedElsewhere("PyTorch", e)
                    .orElseGet(() -> new BackendException(
                            "PyTorch's native library did not load (%s): check that it supports this machine and that %s is writable."
                                    .formatted(reason(e), setting(CACHE)),
                            e));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Unpacks the bundled libraries to the folder where DJL expects them. DJL itself would unpack
     * them in several steps and not check later whether they are intact.
     */
    private static void unpackBundled() {
        var platform = Platform.detectPlatform("pytorch");
        var cache = setting(CACHE);
        if (setting(LIBRARY) != null || cache == null) {
            return;
        }
        if (platform.isPlaceholder()) { // DJL would download it
            throw new BackendException(
                    "The jar of PyTorch's native library for this platform is missing: copy it again.");
        }
        var build = platform.getFlavor() + "/" + platform.getClassifier() + "/";
        var names = new LinkedHashMap<String, String>();
        for (String library : platform.getLibraries()) {
            names.put("pytorch/" + build + library, library);
        }
        var jni = System.mapLibraryName("djl_torch");
        names.put(
                "jnilib/%s/%s/%s".formatted(platform.getClassifier(), platform.getFlavor(), jni),
                Engine.getDjlVersion() + "-" + jni);
        NativeLibraries.unpack(
                PyTorch.class.getClassLoader(),
                names,
                Path.of(cache, "pytorch")
                        .resolve(String.join(
                                "-", platform.getVersion(), platform.getFlavor(), platform.getClassifier())));
    }

    /** Returns a setting of DJL, looked up as DJL does. */
    private static @Nullable String setting(String name) {
        var variable = System.getenv(name);
        return variable == null || variable.isEmpty() ? System.getProperty(name) : variable;
    }

    private static String reason(Throwable e) {
        var cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage()).replaceAll("(?s)\n.*", "");
    }

    /** Returns the available devices, the CPU first. */
    List<Device> devices() {
        var devices = new ArrayList<Device>();
        devices.add(Device.CPU);
        for (int i = 0; i < MAX_GPUS && problem(i).isEmpty(); i++) {
            devices.add(new Device(Device.Kind.CUDA, i));
        }
        return List.copyOf(devices);
    }

    /**
     * Returns the reason why libtorch can't place a value on a GPU; empty if it can. DJL would
     * count GPUs by a file {@code libcudart.so}, which NVIDIA's wheels do not have.
     */
    Optional<String> problem(int gpu) {
        var library = setting(LIBRARY);
        if (library == null) {
            return Optional.of("the bundled libtorch is the one for the CPU");
        }
        try (var manager = engine.newBaseManager(ai.djl.Device.gpu(gpu));
                var value = manager.create(1f)) {
            return value.getFloat() == 1 ? Optional.empty() : Optional.of("it changes values");
        } catch (EngineException e) {
            var words = reason(e).replaceFirst("\\. .*", "");
            return Optional.of(
                    isForCuda(Path.of(library))
                            ? libraries(Path.of(library)).reason(CUDA, words)
                            : "the libtorch in %s is the one for the CPU".formatted(library));
        }
    }

    /**
     * Returns DJL's device.
     *
     * @throws UsageException if there is no such device
     */
    ai.djl.Device device(Device device) {
        var devices = devices();
        if (!devices.contains(device)) {
            throw new UsageException(
                    devices.size() == 1
                            ? "PyTorch finds no GPU (%s), so it can't compute on %s: compute on the CPU, or install a libtorch for CUDA."
                                    .formatted(problem(0).orElse("it appeared just now"), device)
                            : "PyTorch can't compute on %s: its devices are %s.".formatted(device, devices),
                    Remedy.INSTALL_GPU_LIBRARIES,
                    Remedy.COMPUTE_ON_CPU);
        }
        return device.kind() == Device.Kind.CPU ? ai.djl.Device.cpu() : ai.djl.Device.gpu(device.index());
    }

    /**
     * Returns the facts of {@link stir.api.Model#runtime}. libtorch reports whether it was built
     * with MKL and oneDNN; its version is the one for which DJL loaded it.
     */
    static Map<String, String> runtime(Engine engine, ai.djl.Device device) {
        var choosing = new ArrayList<>(List.of(Processor.Library.ATEN));
        if (engine.hasCapability(StandardCapabilities.MKL)) {
            choosing.add(Processor.Library.MKL);
        }
        if (engine.hasCapability(StandardCapabilities.MKLDNN)) {
            choosing.add(Processor.Library.ONEDNN);
        }
        return RuntimeFacts.of(
                "libtorch " + engine.getVersion(),
                device.isGpu() ? new Device(Device.Kind.CUDA, device.getDeviceId()) : Device.CPU,
                choosing.toArray(Processor.Library[]::new));
    }

    Engine djl() {
        return engine;
    }
}
