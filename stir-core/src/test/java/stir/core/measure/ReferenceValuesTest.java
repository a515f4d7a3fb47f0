package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.DataException;
import stir.api.SimilarityMeasure;

/**
 * Every measure on {@link MatrixKinds}, compared with values that {@code
 * src/test/python/measure_references.py} computed from the papers' formulas, without rounding in
 * ranked values. The tolerances are those that the measures' javadoc states, relative to values
 * above 1.
 */
class ReferenceValuesTest {
    private static final double DEFAULT_TOLERANCE = 1e-12;

    private static final Map<String, Double> OTHER_TOLERANCES = Map.ofEntries(
            Map.entry("linear-cka-debiased", 1e-9),
            Map.entry("cca", 1e-10),
            Map.entry("svcca", 1e-10),
            Map.entry("pwcca", 1e-10),
            Map.entry("linear-regression", 1e-10),
            Map.entry("gulp", 1e-9),
            Map.entry("ridge-predictivity", 1e-9),
            Map.entry("rsa-whitened", 1e-9),
            Map.entry("magnitude-difference", 1e-9),
            Map.entry("imd", 1e-9),
            Map.entry("rtd", 1e-9),
            Map.entry("angular-cka", 1e-7),
            Map.entry("soft-matching", 1e-7),
            Map.entry("procrustes-permutation", 1e-7),
            Map.entry("procrustes-whitened", 1e-7),
            Map.entry("eigenspace-overlap", 1e-8),
            Map.entry("procrustes", 1e-7),
            Map.entry("procrustes-angular", 1e-7),
            Map.entry("procrustes-size-and-shape", 1e-7));

    /**
     * The measures without a reference here: minibatch CKA is a mean of debiased ones, and CKNNA is
     * compared with the published code in {@link GoldenValuesTest}.
     */
    private static final Set<String> WITHOUT = Set.of("minibatch-cka", "cknna");

    private static final Map<String, Golden.Pair> KINDS = MatrixKinds.all();

    /** A line of the table; the value is NaN where the measure is undefined. */
    private record Reference(String kind, String measure, double value) {
        static Reference parse(String line) {
            var cells = line.split(",", -1);
            return new Reference(
                    cells[0], cells[1], cells[2].equals("undefined") ? Double.NaN : Double.parseDouble(cells[2]));
        }

        String id() {
            return MeasureQuery.parse(measure).id();
        }
    }

    private static List<Reference> references() {
        return Golden.lines("kinds.csv").stream().skip(1).map(Reference::parse).toList();
    }

    static Stream<String> measures() {
        return references().stream().map(Reference::measure).distinct();
    }

    @ParameterizedTest
    @MethodSource("measures")
    void agreesOnEveryKindOfMatrix(String query) {
        var measure = GoldenValuesTest.measure(query);
        var wrong = new ArrayList<String>();
        for (var reference : references()) {
            if (!reference.measure().equals(query)) {
                continue;
            }
            var pair = Objects.requireNonNull(KINDS.get(reference.kind()), reference.kind());
            if (Double.isNaN(reference.value())) {
                assertThrows(DataException.class, () -> measure.compare(pair.x(), pair.y()), reference.kind());
                continue;
            }
            double value = measure.compare(pair.x(), pair.y());
            double tolerance = OTHER_TOLERANCES.getOrDefault(reference.id(), DEFAULT_TOLERANCE)
                    * Math.max(1, Math.abs(reference.value()));
            if (!(Math.abs(value - reference.value()) <= tolerance)) {
                wrong.add(reference + " but " + value);
            }
            var scale = measure.scale();
            assertTrue(value >= scale.lowest() - 1e-12, () -> reference + " but " + value);
            assertTrue(value <= scale.highest() + 1e-12, () -> reference + " but " + value);
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theTableHasEveryKindAndEveryMeasure() {
        var kinds = references().stream().map(Reference::kind).collect(Collectors.toSet());
        assertEquals(29, kinds.size());
        assertEquals(KINDS.keySet(), kinds);
        var all = ServiceLoader.load(SimilarityMeasure.class).stream()
                .map(provider -> provider.get().id())
                .filter(id -> !WITHOUT.contains(id))
                .collect(Collectors.toCollection(TreeSet::new));
        var compared = references().stream().map(Reference::id).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, compared);
    }
}
