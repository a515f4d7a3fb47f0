package stir.core.extension;

import com.google.inject.Inject;

import stir.api.SimilarityMeasure;
import stir.core.similarity.MeasureQuery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds measures by what users write: an id, and parameters behind a question mark ({@code
 * svcca?variance=0.99}).
 *
 * @since 0.1.0
 */
public final class MeasureCatalogue {
    private final Extensions extensions;

    /** A catalogue of the measures that were found. */
    @Inject
    public MeasureCatalogue(Extensions extensions) {
        this.extensions = extensions;
    }

    /**
     * The measures of these names, by the names.
     *
     * @throws stir.api.UsageException if one is unknown, or does not take its parameters; the
     *     message names those there are
     */
    public Map<String, SimilarityMeasure> select(List<String> names) {
        var chosen = new LinkedHashMap<String, SimilarityMeasure>();
        for (String name : names) {
            var measure = MeasureQuery.parse(name).in(extensions.measures().values());
            chosen.put(name, measure);
        }
        return chosen;
    }
}
