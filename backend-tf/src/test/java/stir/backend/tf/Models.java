package stir.backend.tf;

import java.nio.file.Path;
import java.util.Map;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;

/** Models opened with the options of all tests. */
public final class Models {
    private Models() {}

    /** Returns the cache that all tests of a build share. */
    public static Path cache() {
        return Path.of("target", "native-cache").toAbsolutePath();
    }

    static Model open(Path file) {
        return open(file, Map.of());
    }

    static Model open(Path file, Map<String, String> settings) {
        return new TfBackendProvider().open(file, new ModelOptions(Device.CPU, 2, cache(), settings));
    }
}
