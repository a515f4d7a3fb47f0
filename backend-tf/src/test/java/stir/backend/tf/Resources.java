package stir.backend.tf;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The files of the tests. */
final class Resources {
    private Resources() {}

    static Path path(String name) {
        var url = Resources.class.getResource("/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no test resource " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }
}
