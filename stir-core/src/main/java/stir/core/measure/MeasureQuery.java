package stir.core.measure;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.api.support.NearestNames;

/**
 * A request for a measure: an id, and parameters after a question mark, for example {@code
 * svcca?variance=0.99} or {@code knn-jaccard?k=5&metric=euclidean}.
 *
 * @param id the measure's id
 * @param parameters the parameters' values as text, by name, in the order given
 */
public record MeasureQuery(String id, Map<String, String> parameters) {
    /** The measures that are suggested first. */
    private static final String USUAL = "linear-cka";

    /** Copies the parameters. */
    public MeasureQuery {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Parses a request.
     *
     * @throws UsageException if the part after the question mark is not a list of {@code
     *     name=value}
     */
    public static MeasureQuery parse(String text) {
        int mark = text.indexOf('?');
        if (mark < 0) {
            return new MeasureQuery(text.strip(), Map.of());
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var part : text.substring(mark + 1).split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new UsageException(
                        "'%s' has no parameter of the form name=value in '%s': use a form such as svcca?variance=0.99."
                                .formatted(text, part));
            }
            var name = part.substring(0, equals).strip();
            if (parameters.put(name, decoded(part.substring(equals + 1))) != null) {
                throw new UsageException("'%s' sets the parameter '%s' twice: set it once.".formatted(text, name));
            }
        }
        return new MeasureQuery(text.substring(0, mark).strip(), parameters);
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8).strip();
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "'%s' is not a value of a parameter: write a percent sign as %%25.".formatted(value), e);
        }
    }

    /**
     * Finds the measure of this id and gives it these parameters.
     *
     * @param known the available measures
     * @throws UsageException if none has the id, or the measure does not accept the parameters; the
     *     message names the nearest id and all others
     */
    public SimilarityMeasure in(Collection<? extends SimilarityMeasure> known) {
        return known.stream()
                .filter(measure -> measure.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(known))
                .with(parameters);
    }

    private UsageException unknown(Collection<? extends SimilarityMeasure> known) {
        var ids = known.stream()
                .map(SimilarityMeasure::id)
                .sorted(Comparator.comparing((String each) -> !each.startsWith(USUAL))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        return new UsageException(NearestNames.sentence("similarity measure", id, ids));
    }
}
