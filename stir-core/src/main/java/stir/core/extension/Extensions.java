package stir.core.extension;

import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The loaded extensions.
 *
 * @param backends the backends by id
 * @param measures the similarity measures by id
 * @param terms the terms of objectives by id
 * @param sources their drop-in folders and jars, in the order of loading; empty for extensions of
 *     the application itself
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
