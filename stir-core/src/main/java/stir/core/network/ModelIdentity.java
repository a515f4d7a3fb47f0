package stir.core.network;

import java.util.Optional;

/**
 * The model and the code that runs it, on which stored results depend.
 *
 * @param sha256 the hash of the model's bytes in hexadecimal; empty if it came from no file
 * @param backend the id of the backend that runs it
 * @param backendSha256 the hash of the backend's jars; empty for a backend of Stir
 * @since 0.1.0
 */
public record ModelIdentity(String sha256, String backend, Optional<String> backendSha256) {
    /** Returns the identity of a model that needs no backend's jars. */
    public static ModelIdentity of(String sha256, String backend) {
        return new ModelIdentity(sha256, backend, Optional.empty());
    }
}
