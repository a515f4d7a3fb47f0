package stir.core.study.plan;

import stir.core.network.FurtherReference;
import stir.core.network.ModelIdentity;

/**
 * An additional network, already opened, that the searches of a model match.
 *
 * @param reference the reference, as the experiment names it
 * @param identity its model's bytes and the code that runs it
 * @param layer the layer that is matched
 * @since 0.1.0
 */
public record PlannedReference(FurtherReference reference, ModelIdentity identity, String layer) {
    /** Returns the hash of its bytes in hexadecimal; empty if it came from no file. */
    public String sha256() {
        return identity.sha256();
    }
}
