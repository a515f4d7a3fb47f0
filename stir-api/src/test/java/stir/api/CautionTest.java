package stir.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CautionTest {
    @Test
    void factsOfEqualValueAreEqualWhateverTheTypeOfNumber() {
        var caution = Caution.of("few", Map.of("inputs", 4, "share", 0.5f));
        assertEquals(Caution.of("few", Map.of("share", 0.5, "inputs", 4L)), caution);
        assertEquals(List.of("inputs", "share"), List.copyOf(caution.facts().keySet()));
        assertEquals(
                Map.of("share", "NaN"),
                Caution.of("few", Map.of("share", 0.0 / 0)).facts());
        assertThrows(IllegalArgumentException.class, () -> Caution.of("few", Map.of("list", List.of())));
    }

    @Test
    void cautionsThatDifferInNumbersAloneAreEqualWithoutThem() {
        var one = Caution.of("few 1", Map.of("inputs", 4, "of", "x1")).about("knn?k=5");
        assertEquals(one.withoutNumbers(), one.with("inputs", 9).withoutNumbers());
        for (var other : List.of(
                one.about("knn?k=6"),
                one.with("of", "x2"),
                one.with("direction", 1),
                Caution.of("few 2", one.facts()).about("knn?k=5"))) {
            assertNotEquals(one.withoutNumbers(), other.withoutNumbers());
        }
    }

    @Test
    void anExceptionCarriesItsRemediesNextToItsMessage() {
        var cause = new IllegalStateException();
        var refusals = List.of(
                new UsageException("No.", Remedy.GIVE_SHAPE),
                new DataException("No.", cause, Remedy.GIVE_SHAPE),
                new BackendException("No.", cause, Remedy.GIVE_SHAPE));
        for (StirException refusal : refusals) {
            assertEquals(new Refusal("No.", List.of(Remedy.GIVE_SHAPE)), refusal.refusal());
            assertEquals("No.", refusal.getMessage());
        }
        assertEquals(List.of(), new DataException("No.", cause).refusal().remedies());
    }
}
