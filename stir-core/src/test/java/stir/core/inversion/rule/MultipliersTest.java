package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MultipliersTest {
    private static final double NORM = 40;

    private static float[] cotangent(Multipliers multipliers, float... residual) {
        var cotangent = new float[residual.length];
        double squares = 0;
        for (float value : residual) {
            squares += (double) value * value;
        }
        multipliers.apply(residual, Math.sqrt(squares), cotangent);
        return cotangent;
    }

    private static double value(Multipliers multipliers, float... residual) {
        return multipliers.value(residual, cotangent(multipliers, residual));
    }

    @Test
    void theCotangentIsTheGradientOfTheValue() {
        var multipliers = new Multipliers(2, NORM, 0.1);
        multipliers.renew();
        cotangent(multipliers, 3, -1);
        var found = cotangent(multipliers, 0.5f, 0.25f);
        double first = value(multipliers, 0.75f, 0.25f) - value(multipliers, 0.25f, 0.25f);
        double second = value(multipliers, 0.5f, 0.5f) - value(multipliers, 0.5f, 0);
        assertEquals(first / 0.5, found[0], 1e-4);
        assertEquals(second / 0.5, found[1], 1e-4);
    }

    /** The gradient at the point that they were renewed at is the one with the penalty twice. */
    @Test
    void renewedMultipliersHoldWhatThePenaltyHeld() {
        var multipliers = new Multipliers(2, NORM, 0.1);
        var before = cotangent(multipliers, 0.5f, -0.25f);
        multipliers.renew();
        var after = cotangent(multipliers, 0.5f, -0.25f);
        assertArrayEquals(new float[] {2 * before[0], 2 * before[1]}, after, 1e-5f);
    }

    @Test
    void thePenaltyIsRaisedWhereTheResidualFellTooLittle() {
        var multipliers = new Multipliers(1, NORM, 0.1);
        double first = cotangent(multipliers, 1)[0];
        multipliers.renew();
        cotangent(multipliers, 1);
        multipliers.renew();
        double second = cotangent(multipliers, 0.2f)[0]; // enough: the penalty stays
        assertEquals(first + 0.2 * first + 0.2 * first, second, 1e-4);
        multipliers.renew();
        double third = cotangent(multipliers, 0.15f)[0];
        assertEquals(first + 0.2 * first + 0.15 * first + 3 * 0.15 * first, third, 1e-4);
    }

    @Test
    void aUnitThatIsOffInBothInputsAsksForNothing() {
        var multipliers = new Multipliers(2, NORM, 0.1);
        cotangent(multipliers, 1, 1);
        multipliers.renew();
        cotangent(multipliers, 1, 1);
        assertEquals(0, cotangent(multipliers, 1, 0)[1]);
    }
}
