package stir.core.extension;

import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.SortedMap;

/**
 * What was found to work with.
 *
 * @param backends the backends by id
 * @param measures the similarity measures by id
 * @param terms the terms of objectives by id
 * @param problems a sentence for each jar or class that could not be used; they do not disturb the
 *     rest
 * @since 0.1.0
 */
public record Extensions(
        SortedMap<String, BackendProvider> backends,
        SortedMap<String, SimilarityMeasure> measures,
        SortedMap<String, ObjectiveTerm> terms,
        List<String> problems) {}
