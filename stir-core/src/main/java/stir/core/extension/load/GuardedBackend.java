package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A backend out of a drop-in folder or a plug-in. What it says about itself is asked once; what it
 * throws is a {@link BackendException} that names the jar, if it is not meant for users.
 */
final class GuardedBackend implements BackendProvider {
    private final PluginCalls plugin;
    private final BackendProvider backend;
    private final String id;
    private final String name;
    private final String description;
    private final Map<String, String> settings;

    /**
     * Guards a backend.
     *
     * @throws BackendException if what it says about itself can't be used
     */
    GuardedBackend(PluginCalls plugin, BackendProvider backend) {
        this.plugin = plugin;
        this.backend = backend;
        this.id = plugin.id(backend::id);
        this.name = "the backend '" + id + "'";
        this.description = plugin.text("the description of " + name, backend::description);
        this.settings = plugin.call("the settings of " + name, backend::settings);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    /** A backend that fails does not recognise the file, so that the others are asked. */
    @Override
    public Recognition recognise(Path file) {
        try {
            return plugin.call(name, () -> backend.recognise(file));
        } catch (BackendException e) {
            System.getLogger(GuardedBackend.class.getName())
                    .log(System.Logger.Level.WARNING, e.getMessage());
            return Recognition.NONE;
        }
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public List<Device> devices(Path cache) {
        return plugin.call(name, () -> List.copyOf(backend.devices(cache)));
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        return plugin.call(name, () -> backend.open(file, options));
    }
}
