package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.UsageException;

class MeasureQueryTest {
    @Test
    void linearCkaIsSuggestedFirst() {
        var known = List.of(new RbfCka(), new DebiasedLinearCka(), new Cca(), new LinearCka());
        var refusal = assertThrows(
                UsageException.class, () -> MeasureQuery.parse("cka").in(known));
        assertEquals(
                "There is no similarity measure 'cka': use one of linear-cka, linear-cka-debiased, rbf-cka, cca.",
                refusal.getMessage());
    }

    @Test
    void anIdAloneHasNoParameters() {
        assertEquals(new MeasureQuery("linear-cka", Map.of()), MeasureQuery.parse("linear-cka"));
    }

    @Test
    void parametersFollowAQuestionMark() {
        assertEquals(
                new MeasureQuery("knn-jaccard", Map.of("k", "5", "metric", "inner-product")),
                MeasureQuery.parse("knn-jaccard?k=5&metric=inner-product"));
        assertEquals("1+2", MeasureQuery.parse("m?x=1%2B2").parameters().get("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"svcca?", "svcca?variance", "svcca?=1", "svcca?k=1&", "m?k=1&k=2", "m?k=%"})
    void malformedParametersAreRefused(String text) {
        assertThrows(UsageException.class, () -> MeasureQuery.parse(text));
    }

    @Test
    void theMessageForAnUnknownIdNamesTheNearestAndAll() {
        var known = List.of(new LinearCka(), new Svcca());
        var refusal = assertThrows(
                UsageException.class, () -> MeasureQuery.parse("liner-cka").in(known));
        assertEquals("There is no similarity measure 'liner-cka': use one of linear-cka, svcca.", refusal.getMessage());
        var other = assertThrows(
                UsageException.class, () -> MeasureQuery.parse("xyz").in(known));
        assertEquals("There is no similarity measure 'xyz': use one of svcca, linear-cka.", other.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "svcca?variance=0, a number above 0 and up to 1",
        "svcca?variance=1.01, a number above 0 and up to 1",
        "svcca?variance=much, a number above 0 and up to 1",
        "svcca?variance=NaN, a number above 0 and up to 1",
        "knn-jaccard?k=0, an integer of at least 1",
        "knn-jaccard?k=2.5, an integer of at least 1",
        "minibatch-cka?batch=3, an integer of at least 4",
        "rsa-pearson?dissimilarity=cosines, 'one of correlation, euclidean, squared-euclidean, cosine'",
        "svcca?share=1, it has variance",
        "linear-cka?k=1, it has none"
    })
    void theMessageForAWrongParameterNamesTheAcceptedOnes(String text, String expected) {
        var refusal = assertThrows(UsageException.class, () -> GoldenValuesTest.measure(text));
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    @Test
    void omittedParametersKeepTheirValues() {
        var measure = new KnnJaccard().with(Map.of("k", "3")).with(Map.of("metric", "euclidean"));
        assertEquals(4, measure.minimumRows());
        assertEquals(
                "the number of neighbours (default 10)", measure.parameters().get("k"));
    }
}
