package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;

class UnitSampleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "random 10 %          | relu@10%",
                "random 2.5%          | relu@2.5%",
                "random 10 %, seed 3  | relu@10%:3",
                "random 100 % seed 12 | relu@100%:12",
                "random 0.0005 %      | relu@0.0005%",
            })
    void choicesOfUnitsHaveANameThatIsReadBack(String units, String name) {
        var sample = UnitSample.parse("relu", units);
        assertEquals(name, sample.name());
        assertEquals(Optional.of(sample), UnitSample.named(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 %", "random", "random 0 %", "random 101 %", "random 5 units", ""})
    void othersAreRefused(String units) {
        assertThrows(UsageException.class, () -> UnitSample.parse("relu", units));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "head@in", "block#2", "@10%", "relu@10", "relu@10%:"})
    void otherNamesAreOfWholeLayers(String name) {
        assertEquals(Optional.empty(), UnitSample.named(name));
    }

    @Test
    void unitsDependOnTheSeedAlone() {
        var units = UnitSample.parse("relu", "random 10 %").units(640);
        assertEquals(64, Arrays.stream(units).distinct().count());
        assertArrayEquals(Arrays.stream(units).sorted().toArray(), units);
        assertArrayEquals(units, UnitSample.parse("other", "random 10 %").units(640));
        assertFalse(Arrays.equals(
                units, UnitSample.parse("relu", "random 10 %, seed 1").units(640)));
        assertEquals(1, UnitSample.parse("relu", "random 0.1 %").units(3).length);
    }

    /**
     * Of {@code (x^2, y^2, xy)}, two of three units: values, gradients and distances are theirs.
     */
    @Test
    void aSampledHookIsThatOfItsUnitsAlone() {
        var sample = UnitSample.parse("squares", "random 66 %");
        var units = sample.units(3);
        try (var whole = UnkindHook.free();
                var hook = new SampledHook(UnkindHook.free(), sample)) {
            assertEquals("squares@66%", hook.layer().name());
            assertEquals(Shape.of(2), hook.layer().shape());
            var inputs = Batch.of(UnkindHook.INPUT, 1, 2, -3, 5);
            var all = Batch.allocate(2, UnkindHook.REPRESENTATION);
            var chosen = Batch.allocate(2, Shape.of(2));
            whole.represent(inputs, all);
            hook.represent(inputs, chosen);
            var cotangents = Batch.of(Shape.of(2), 7, -1, 3, 2);
            var spread = Batch.allocate(2, UnkindHook.REPRESENTATION);
            for (int row = 0; row < 2; row++) {
                for (int i = 0; i < 2; i++) {
                    assertEquals(all.get(row, units[i]), chosen.get(row, i));
                    spread.set(row, units[i], cotangents.get(row, i));
                }
            }
            var expected = Batch.allocate(2, UnkindHook.INPUT);
            whole.pullback(inputs, spread, expected);
            var gradients = Batch.allocate(2, UnkindHook.INPUT);
            hook.pullback(inputs, cotangents, gradients);
            assertArrayEquals(expected.toArray(), gradients.toArray());
            var within = Batch.allocate(2, UnkindHook.INPUT);
            hook.pullback(
                    inputs,
                    (values, wanted) -> {
                        assertArrayEquals(chosen.toArray(), values.toArray());
                        for (int row = 0; row < 2; row++) {
                            wanted.copyRow(cotangents, row, row);
                        }
                    },
                    Batch.allocate(2, Shape.of(2)),
                    within);
            assertArrayEquals(expected.toArray(), within.toArray());
        }
    }
}
