package stir.core.extension.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import stir.api.SimilarityMeasure;
import stir.core.extension.Extensions;
import stir.core.measure.MeasureQuery;

/**
 * A catalogue of measures by their queries: an id, and parameters after a question mark ({@code
 * svcca?variance=0.99}).
 *
 * @since 0.1.0
 */
public final class MeasureCatalogue {
    private final Extensions extensions;

    /** Creates a catalogue of the measures that were found. */
    public MeasureCatalogue(Extensions extensions) {
        this.extensions = extensions;
    }

    /**
     * Returns the measures of these queries, by the queries.
     *
     * @throws stir.api.UsageException if one is unknown, or does not accept its parameters; the
     *     message queries the available ones
     */
    public Map<String, SimilarityMeasure> select(List<String> queries) {
        var chosen = new LinkedHashMap<String, SimilarityMeasure>();
        for (String query : queries) {
            var measure = MeasureQuery.parse(query).in(extensions.measures().values());
            chosen.put(query, measure);
        }
        return chosen;
    }

    /**
     * Returns the hashes of the jars of those that are not part of Stir, by the queries; errors as
     * {@link #select}.
     */
    public Map<String, String> sha256(List<String> queries) {
        var hashes = new TreeMap<String, String>();
        select(queries)
                .forEach((query, measure) -> extensions
                        .code()
                        .sha256(
                                SimilarityMeasure.class,
                                MeasureQuery.parse(query).id())
                        .ifPresent(hash -> hashes.put(query, hash)));
        return hashes;
    }
}
