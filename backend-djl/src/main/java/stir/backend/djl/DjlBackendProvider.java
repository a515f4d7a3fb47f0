package stir.backend.djl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import stir.api.BackendProvider;
import stir.api.DataException;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.SideInputs;
import stir.backend.djl.libtorch.ArchiveKind;
import stir.backend.djl.torchscript.TorchScriptArchive;

/**
 * A backend that runs programs of {@code torch.export} and TorchScript archives with libtorch
 * through DJL.
 *
 * <p>libtorch is loaded once per process. The first model determines the number of threads per
 * operation ({@link ModelOptions#threads}), the folder of the unpacked libraries ({@link
 * ModelOptions#cache}), and whether the libtorch for GPUs is used that is installed next to the
 * backends. DJL's variable {@code PYTORCH_LIBRARY_PATH} names another libtorch; no setting does,
 * because settings also come from files of others. A program that used DJL before has already
 * determined the libraries.
 */
public final class DjlBackendProvider implements BackendProvider {
    private static final Device GPU = new Device(Device.Kind.CUDA, 0);

    /** The property with the folder of Stir, which the launcher sets. */
    private static final String HOME = "stir.home";

    /** Creates the provider, for the service loader. Loads nothing. */
    public DjlBackendProvider() {}

    @Override
    public String id() {
        return "djl";
    }

    @Override
    public String description() {
        return "PyTorch networks (torch.export or TorchScript) through DJL 0.36 and libtorch 2.7";
    }

    /**
     * Recognises also a file of {@code torch.save}, so that the error on opening it can explain how
     * to export the network.
     */
    @Override
    public Recognition recognise(Path file) {
        return switch (ArchiveKind.of(file)) {
            case TORCHSCRIPT, EXPORTED -> Recognition.BY_CONTENT;
            case WEIGHTS -> Recognition.BY_CONTENT;
            case TRUNCATED, EMPTY -> hasPyTorchName(file) ? Recognition.BY_NAME : Recognition.NONE;
            case FOREIGN -> Recognition.NONE;
        };
    }

    private static boolean hasPyTorchName(Path file) {
        return file.toString().matches("(?i).*\\.(pt|pt2|pth|torchscript|jit)");
    }

    @Override
    public List<Device> devices(Path cache) {
        var library = library(GPU);
        boolean loads = library != null && PyTorch.lacksDriver(library).isEmpty();
        return PyTorch.load(cache, loads ? library : null).devices();
    }

    @Override
    public Optional<String> gpuObstacle(Path cache) {
        var library = library(GPU);
        var missing = library == null ? Optional.<String>empty() : PyTorch.lacksDriver(library);
        return missing.isPresent() ? missing : PyTorch.load(cache, library).problem(0);
    }

    /**
     * Returns the folder of the libtorch for a device: on a GPU the one that is installed next to
     * the backends, or null for the bundled one and for the one that DJL's variable names.
     */
    private static @Nullable Path library(Device device) {
        var home = System.getProperty(HOME);
        if (home == null || device.kind() == Device.Kind.CPU || PyTorch.isLibraryChosen()) {
            return null;
        }
        var installed = Path.of(home, "gpu", "torch", "lib");
        return Files.isDirectory(installed) ? installed : null;
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        return open(file, options, SideInputs.NONE);
    }

    @Override
    public Model open(Path file, ModelOptions options, SideInputs inputs) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    file + " is not a file: name the file that torch.export.save or torch.jit.save wrote.");
        }
        boolean exported = ArchiveKind.of(file) == ArchiveKind.EXPORTED;
        // Refused before libtorch is loaded, which programs need for the cache.
        var script = exported ? null : script(file, inputs);
        var library = library(options.device());
        var pyTorch = PyTorch.load(options.cache(), library);
        var device = pyTorch.device(options.device());
        pyTorch.useThreads(options.threads());
        return new TorchScriptModel(pyTorch, device, script == null ? exported(file, inputs, pyTorch) : script);
    }

    private static NetworkFile script(Path file, SideInputs inputs) {
        var archive = TorchScriptArchive.read(file, inputs);
        var script = new TorchScriptFile(archive);
        requireInference(script);
        if (archive.network().isFrozen()) {
            warn(
                    "{0} was frozen by torch.jit.freeze, so its layers are variables of its source; export the network before freezing it for the names of its modules.",
                    file);
        }
        return script;
    }

    private static void warn(String message, Path file) {
        System.getLogger(DjlBackendProvider.class.getName()).log(System.Logger.Level.WARNING, message, file);
    }

    private static NetworkFile exported(Path file, SideInputs inputs, PyTorch pyTorch) {
        var exported = new ExportedFile(file, inputs, pyTorch::scratchFile);
        requireInference(exported);
        return exported;
    }

    private static void requireInference(NetworkFile network) {
        var training = network.training();
        if (training.isPresent()) {
            throw new DataException(
                    "%s was exported in training mode (where it calls %s): call model.eval() before exporting it."
                            .formatted(network.file(), training.get()));
        }
        if (network.precision().isPresent()) {
            warn(
                    "{0} has weights that are not in single precision; it is computed in single precision.",
                    network.file());
        }
    }
}
