package stir.core.extension;

import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The extensions that were found.
 *
 * @param backends the backends by id
 * @param measures the similarity measures by id
 * @param terms the terms of objectives by id
 * @param sources the drop-in folders and jars that they come from, in the order in which they were
 *     loaded; empty for what the application itself provides
 * @param problems one sentence per jar, class or folder that could not be used; they do not affect
 *     the others
 * @since 0.1.0
 */
public record Extensions(
        SortedMap<String, BackendProvider> backends,
        SortedMap<String, SimilarityMeasure> measures,
        SortedMap<String, ObjectiveTerm> terms,
        List<ExtensionSource> sources,
        List<String> problems) {
    /** Returns a copy of these extensions with one more problem. */
    public Extensions withProblem(String sentence) {
        return new Extensions(
                backends,
                measures,
                terms,
                sources,
                Stream.concat(problems.stream(), Stream.of(sentence)).toList());
    }
}
