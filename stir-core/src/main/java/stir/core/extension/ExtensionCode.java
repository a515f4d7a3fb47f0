package stir.core.extension;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import stir.core.io.files.ContentHash;
import stir.core.io.files.Sha256;

/**
 * The code of the extensions that are not part of Stir: the jars or folders of classes that stored
 * results depend on. It is hashed when it is first asked for. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ExtensionCode {
    /** The packages of Stir, whose version stands for their code. */
    private static final String STIR = "stir.";

    private final Map<Extension, List<Path>> places = new ConcurrentHashMap<>();
    private final Map<List<Path>, String> hashes = new ConcurrentHashMap<>();

    /** Creates the code of no extension. */
    public ExtensionCode() {}

    private record Extension(Class<?> service, String id) {}

    /**
     * Adds an extension.
     *
     * @param type its class; one of Stir has no hash
     * @param jars the jars that it was loaded from; empty for the place that the class came from
     */
    public void add(Class<?> service, String id, Class<?> type, List<Path> jars) {
        if (!type.getName().startsWith(STIR)) {
            places.put(new Extension(service, id), jars.isEmpty() ? place(type) : List.copyOf(jars));
        }
    }

    private static List<Path> place(Class<?> type) {
        return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .map(ExtensionCode::path)
                .stream()
                .toList();
    }

    private static Path path(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns the hash of an extension's code.
     *
     * @param service the interface that it implements
     * @return 64 hexadecimal digits, of one jar those of its SHA-256; empty for an extension of
     *     Stir
     * @throws stir.api.DataException if a jar can't be read
     */
    public Optional<String> sha256(Class<?> service, String id) {
        return Optional.ofNullable(places.get(new Extension(service, id)))
                .map(code -> hashes.computeIfAbsent(code, ExtensionCode::hash));
    }

    private static String hash(List<Path> code) {
        return code.size() == 1
                ? ContentHash.of(code.get(0))
                : Sha256.of(code.stream().map(ContentHash::of).collect(Collectors.joining()));
    }
}
