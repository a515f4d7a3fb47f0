package stir.core.runtime.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Stir, which the build writes into a resource. */
public final class StirVersion {
    private StirVersion() {}

    /** Returns the version, for example {@code 0.1.0}. */
    public static String current() {
        try (var in = StirVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from stir-core");
            }
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
