package stir.core.representation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Lengths;

class RepresentationReductionTest {
    /** Two inputs, two channels of 1 x 3 pixels. */
    private static final Batch CHANNELS_FIRST = Batch.of(Shape.of(2, 1, 3), 1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60);

    /** The same values with the channels last. */
    private static final Batch CHANNELS_LAST = Batch.of(Shape.of(1, 3, 2), 1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60);

    private static void assertValues(Matrix matrix, int rows, double... values) {
        assertEquals(rows, matrix.rows());
        assertArrayEquals(values, matrix.toDoubles());
    }

    @Test
    void flattenKeepsTheOrderOfMemory() {
        assertValues(
                RepresentationReduction.FLATTEN.apply(CHANNELS_FIRST, Layout.CHANNELS_FIRST),
                2,
                1,
                2,
                3,
                10,
                20,
                30,
                4,
                5,
                6,
                40,
                50,
                60);
    }

    @Test
    void spatialMeanDoesNotDependOnTheLayout() {
        var mean = RepresentationReduction.SPATIAL_MEAN;
        assertValues(mean.apply(CHANNELS_FIRST, Layout.CHANNELS_FIRST), 2, 2, 20, 5, 50);
        assertValues(mean.apply(CHANNELS_LAST, Layout.CHANNELS_LAST), 2, 2, 20, 5, 50);
    }

    @Test
    void spatialMeanOfTokensIsOverTokens() {
        var tokens = Batch.of(Shape.of(2, 3), 1, 2, 3, 5, 6, 7);
        assertValues(RepresentationReduction.SPATIAL_MEAN.apply(tokens, Layout.FLAT), 1, 3, 4, 5);
    }

    @Test
    void theFirstAndTheLastTokenAreChosen() {
        var tokens = Batch.of(Shape.of(2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        assertValues(RepresentationReduction.CLASS_TOKEN.apply(tokens, Layout.FLAT), 2, 1, 2, 5, 6);
        assertValues(RepresentationReduction.LAST_TOKEN.apply(tokens, Layout.FLAT), 2, 3, 4, 7, 8);
        assertThrows(
                UsageException.class,
                () -> RepresentationReduction.CLASS_TOKEN.apply(CHANNELS_FIRST, Layout.CHANNELS_FIRST));
    }

    @Test
    void aSingleValueHasNoTokens() {
        var values = Batch.of(Shape.of(), 1, 2);
        for (var reduction : List.of(RepresentationReduction.CLASS_TOKEN, RepresentationReduction.LAST_TOKEN)) {
            assertThrows(UsageException.class, () -> reduction.apply(values, Layout.FLAT));
        }
    }

    /** Two sequences of up to 3 positions, of which the first has 2 and the second 1. */
    private static final Lengths PADDED = Lengths.of("padded", Shape.of(1, 3, 2), 2, 1);

    @Test
    void paddingIsLeftOut() {
        var tokens = Batch.of(Shape.of(3, 2), 1, 2, 3, 4, 90, 91, 5, 6, 92, 93, 94, 95);
        double[][] expected = {
            {2, 3, 5, 6}, {1, 2, 5, 6}, {3, 4, 5, 6}, {1, 2, 3, 4, 5, 6},
        };
        var reductions = List.of(
                RepresentationReduction.SPATIAL_MEAN,
                RepresentationReduction.CLASS_TOKEN,
                RepresentationReduction.LAST_TOKEN,
                RepresentationReduction.PER_POSITION);
        for (int i = 0; i < expected.length; i++) {
            var reduced = reductions.get(i).apply(tokens, Layout.FLAT, PADDED);
            assertValues(reduced, expected[i].length / 2, expected[i]);
        }
        var image = Batch.of(Shape.of(3, 2, 1), 1, 3, 5, 7, 90, 91, 4, 6, 92, 93, 94, 95);
        var mean = RepresentationReduction.SPATIAL_MEAN;
        assertValues(mean.apply(image, Layout.CHANNELS_LAST, PADDED), 2, 4, 5);
    }

    @Test
    void positionsThatAreNotThoseOfPaddedInputsAreRefused() {
        var fewer = Batch.allocate(2, Shape.of(2, 4));
        for (var reduction : List.of(
                RepresentationReduction.SPATIAL_MEAN,
                RepresentationReduction.LAST_TOKEN,
                RepresentationReduction.PER_POSITION)) {
            var refusal = assertThrows(UsageException.class, () -> reduction.apply(fewer, Layout.FLAT, PADDED));
            assertEquals(
                    "The reduction '%s' leaves out the padding of sequences, but 2x4 is not one row for each of the 3 positions: use 'flatten' or another layer."
                            .formatted(reduction.word()),
                    refusal.getMessage());
        }
        var channels = Batch.allocate(2, Shape.of(3, 2, 2));
        assertThrows(
                UsageException.class,
                () -> RepresentationReduction.SPATIAL_MEAN.apply(channels, Layout.CHANNELS_FIRST, PADDED),
                "as many channels as positions");
        assertValues(RepresentationReduction.FLATTEN.apply(fewer, Layout.FLAT, PADDED), 2, new double[16]);
    }

    @Test
    void everyPositionBecomesARow() {
        var positions = RepresentationReduction.PER_POSITION;
        double[] expected = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60};
        assertValues(positions.apply(CHANNELS_FIRST, Layout.CHANNELS_FIRST), 6, expected);
        assertValues(positions.apply(CHANNELS_LAST, Layout.CHANNELS_LAST), 6, expected);
        var image = Shape.of(1, 3, 2);
        assertEquals(
                6, positions.rows(2, image, Layout.CHANNELS_LAST, Lengths.NONE).rows());
        var flat = RepresentationReduction.FLATTEN;
        assertEquals(2, flat.rows(2, Shape.of(9), Layout.FLAT, Lengths.NONE).rows());
    }

    @Test
    void aVectorHasNoPositions() {
        var vectors = Batch.of(Shape.of(3), 1, 2, 3);
        var refusal = assertThrows(
                UsageException.class, () -> RepresentationReduction.SPATIAL_MEAN.apply(vectors, Layout.FLAT));
        assertEquals(
                "The reduction 'spatial-mean' needs representations that are an image with channels, or tokens x features, but these are 3: use 'flatten' or another layer.",
                refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void isParsedFromItsOptionValue(RepresentationReduction reduction) {
        assertEquals(reduction, RepresentationReduction.parse(reduction.word()));
    }

    @Test
    void theMessageForAnUnknownValueListsAll() {
        var refusal = assertThrows(UsageException.class, () -> RepresentationReduction.parse("max"));
        assertEquals(
                "There is no reduction 'max': use one of flatten, last-token, spatial-mean, class-token, per-position.",
                refusal.getMessage());
    }
}
