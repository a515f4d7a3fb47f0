package stir.core.study.plan;

import stir.core.network.FurtherReference;

/**
 * An additional network, already opened, that the searches of a model match.
 *
 * @param reference the reference, as the experiment names it
 * @param sha256 the hash of its bytes in hexadecimal; empty if it came from no file
 * @param backend the id of the backend that runs it
 * @param layer the layer that is matched
 * @since 0.1.0
 */
public record PlannedReference(FurtherReference reference, String sha256, String backend, String layer) {}
