package stir.core.network.open;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stir.api.BackendException;
import stir.api.BackendProvider;
import stir.api.DataException;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.extension.Extensions;
import stir.core.io.files.ContentHash;
import stir.core.io.files.ExistingPath;
import stir.core.network.ModelIdentity;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SideRows;

/** Opens models with the backend that recognises them. */
public final class ModelOpener {
    private final Extensions extensions;
    private final CacheFolder cache;

    public ModelOpener(Extensions extensions, CacheFolder cache) {
        this.extensions = extensions;
        this.cache = cache;
    }

    /**
     * Opens a network.
     *
     * @throws UsageException if the file, the backend or a setting does not exist, or if no backend
     *     recognises the file
     * @throws DataException if the file can't be used
     */
    public Network open(NetworkSpec spec) {
        return open(spec, true);
    }

    /**
     * Opens a network as {@link #open(NetworkSpec)} does.
     *
     * @param hashed whether the file is hashed, which the keys of stored results need
     */
    public Network open(NetworkSpec spec, boolean hashed) {
        var file = spec.file();
        ExistingPath.checkFileOrFolder(file);
        var provider = spec.backend().isPresent() ? named(spec.backend().get()) : recognise(file);
        var settings = provider.settings().keySet();
        for (String name : spec.settings().keySet()) {
            if (!settings.contains(name)) {
                var kind = "setting of the backend " + provider.id();
                throw new UsageException(NearestNames.sentence(kind, name, settings));
            }
        }
        // Each of the network's threads runs passes of its own, which scales better than threads
        // within a pass.
        var options = new ModelOptions(spec.device(), 1, cache.path(), spec.settings());
        var sides = SideRows.open(spec.inputs());
        try {
            var model = provider.open(file, options, sides.described());
            var hash = hashed ? ContentHash.of(file) : "";
            var code = extensions.code().sha256(BackendProvider.class, provider.id());
            return Network.of(file.toString(), new ModelIdentity(hash, provider.id(), code), model, spec, sides);
        } catch (RuntimeException e) {
            sides.close();
            throw e;
        }
    }

    private BackendProvider named(String id) {
        var provider = extensions.backends().get(id);
        if (provider == null) {
            var advice =
                    StirBackend.of(id).map(backend -> ": " + backend.advice()).orElse("");
            throw new UsageException("There is no backend '%s' (%s)%s.".formatted(id, available(), advice));
        }
        return provider;
    }

    private BackendProvider recognise(Path file) {
        var best = Recognition.NONE;
        List<BackendProvider> candidates = new ArrayList<>();
        for (var provider : extensions.backends().values()) {
            var recognition = recognition(provider, file);
            if (recognition != Recognition.NONE && recognition.compareTo(best) >= 0) {
                if (recognition != best) {
                    candidates.clear();
                }
                best = recognition;
                candidates.add(provider);
            }
        }
        if (candidates.isEmpty()) {
            throw unrecognised(file);
        }
        if (candidates.size() > 1) {
            throw new UsageException(
                    "%s may be a model of several backends (%s): specify the backend."
                            .formatted(
                                    file,
                                    String.join(
                                            ", ",
                                            candidates.stream()
                                                    .map(BackendProvider::id)
                                                    .toList())),
                    Remedy.NAME_BACKEND);
        }
        return candidates.get(0);
    }

    /** Recognises a file; a backend that fails does not recognise it, so that others are asked. */
    private static Recognition recognition(BackendProvider provider, Path file) {
        try {
            return provider.recognise(file);
        } catch (BackendException e) {
            System.getLogger(ModelOpener.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
            return Recognition.NONE;
        }
    }

    private UsageException unrecognised(Path file) {
        var missing =
                StirBackend.of(file).filter(backend -> !extensions.backends().containsKey(backend.id()));
        return new UsageException(
                "No backend recognises %s as a model (%s): %s."
                        .formatted(
                                file,
                                available(),
                                missing.map(StirBackend::advice)
                                        .orElse(
                                                "export the network by torch.export, as TorchScript, ONNX or a SavedModel; if it belongs to another backend, put that backend's jars into a folder in backends")));
    }

    private String available() {
        var ids = extensions.backends().keySet();
        return ids.isEmpty()
                ? "no backend is installed"
                : (ids.size() == 1 ? "there is " : "there are ") + String.join(", ", ids);
    }
}
