package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.SideInputs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backend from a drop-in folder or a plug-in. The facts that it reports about itself are read
 * once; its unexpected failures become a {@link BackendException} that names the jar.
 */
record GuardedBackend(
        PluginCalls plugin,
        BackendProvider backend,
        String id,
        String description,
        Map<String, String> settings)
        implements BackendProvider {
    /**
     * Guards a backend.
     *
     * @throws BackendException if its facts are invalid
     */
    static GuardedBackend of(PluginCalls jar, BackendProvider backend) {
        var id = jar.id(backend::id);
        var plugin = jar.to("backend", id);
        return new GuardedBackend(
                plugin,
                backend,
                id,
                plugin.text(backend::description),
                plugin.call(backend::settings));
    }

    /** Recognises a file; a backend that fails does not recognise it, so that others are asked. */
    @Override
    public Recognition recognise(Path file) {
        try {
            return plugin.call(() -> backend.recognise(file));
        } catch (BackendException e) {
            System.getLogger(GuardedBackend.class.getName())
                    .log(System.Logger.Level.WARNING, e.getMessage());
            return Recognition.NONE;
        }
    }

    @Override
    public List<Device> devices(Path cache) {
        return plugin.call(() -> List.copyOf(backend.devices(cache)));
    }

    @Override
    public Optional<String> gpuObstacle(Path cache, Map<String, String> settings) {
        return plugin.call(() -> backend.gpuObstacle(cache, settings));
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        return plugin.call(() -> backend.open(file, options));
    }

    @Override
    public Model open(Path file, ModelOptions options, SideInputs inputs) {
        return plugin.call(() -> backend.open(file, options, inputs));
    }
}
