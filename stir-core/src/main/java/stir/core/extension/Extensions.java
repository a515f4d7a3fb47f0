package stir.core.extension;

import stir.api.BackendProvider;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.SortedMap;

/**
 * What was found to work with.
 *
 * @param backends the backends by id
 * @param measures the similarity measures by id
 * @param problems a sentence for each jar or class that could not be used; they do not disturb the
 *     rest
 */
public record Extensions(
        SortedMap<String, BackendProvider> backends,
        SortedMap<String, SimilarityMeasure> measures,
        List<String> problems) {}
