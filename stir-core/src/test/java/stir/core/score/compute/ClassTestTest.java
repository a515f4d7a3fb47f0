package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.core.score.ClassOutcome;

class ClassTestTest {
    @Test
    void aClassThatDiffersIsFoundAndNoOther() {
        var outcomes = outcomes(new Random(1), 100, 0.15);
        assertEquals(10, outcomes.size());
        for (var one : outcomes) {
            assertEquals(10, one.inputs());
            assertEquals(one.label() == 3, one.pValue() <= 0.05, one.toString());
        }
        assertTrue(outcomes.get(3).pointwise() < outcomes.get(3).others() - 0.1);
    }

    @Test
    void ifLabelsDoNotMatterAtMostFivePercentClaimADifference() {
        var random = new Random(2);
        int claims = 0;
        for (int study = 0; study < 400; study++) {
            var outcomes = outcomes(random, 60, 0);
            claims += outcomes.stream().anyMatch(one -> one.pValue() <= 0.05) ? 1 : 0;
        }
        // 20 are expected; 30 or more have a probability of 2 %.
        assertTrue(claims > 8 && claims < 30, claims + " of 400");
    }

    @Test
    void inputsWithoutALabelOrAValueAreLeftOut() {
        var labels = List.of(OptionalInt.of(7), OptionalInt.empty(), OptionalInt.of(2), OptionalInt.of(2));
        var values =
                List.of(OptionalDouble.of(0.5), OptionalDouble.of(9), OptionalDouble.empty(), OptionalDouble.of(0.25));
        var outcomes = ClassTest.of(labels, values, 0);
        assertEquals(List.of(new ClassOutcome(2, 1, 0.25, 0.5, 1), new ClassOutcome(7, 1, 0.5, 0.25, 1)), outcomes);
    }

    @Test
    void oneClassIsComparedWithNoOther() {
        var labels = List.of(OptionalInt.of(1), OptionalInt.of(1));
        var values = List.of(OptionalDouble.of(0.5), OptionalDouble.of(1));
        assertEquals(List.of(), ClassTest.of(labels, values, 0));
    }

    /** Returns the outcomes of inputs of ten classes, of which class 3 has a lower similarity. */
    private static List<ClassOutcome> outcomes(Random random, int inputs, double lower) {
        var labels = new ArrayList<OptionalInt>();
        var values = new ArrayList<OptionalDouble>();
        for (int i = 0; i < inputs; i++) {
            int label = i % 10;
            labels.add(OptionalInt.of(label));
            // A skewed distribution, as of values near 1.
            double value = 1 - Math.pow(random.nextGaussian(), 2) / 20;
            values.add(OptionalDouble.of(value - (label == 3 ? lower : 0)));
        }
        return ClassTest.of(labels, values, random.nextLong());
    }
}
