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
        multipliers.write(residual, Math.sqrt(squares), cotangent);
        return cotangent;
    }

    private static double value(Multipliers multipliers, float... residual) {
        return multipliers.value(cotangent(multipliers, residual));
    }

    @Test
    void theCotangentIsTheGradientOfTheValue() {
        var multipliers = new Multipliers(2, NORM, 0.1);
        multipliers.renew();
        cotangent(multipliers, 3, -1);
        var found = cotangent(multipliers, 0.5f, 0.25f);
        double first = value(multipliers, 0.51f, 0.25f) - value(multipliers, 0.49f, 0.25f);
        double second = value(multipliers, 0.5f, 0.26f) - value(multipliers, 0.5f, 0.24f);
        assertEquals(first / 0.02, found[0], 1e-3);
        assertEquals(second / 0.02, found[1], 1e-3);
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
        double penalty = 3000 / (NORM * NORM);
        double radius = 0.095;
        double first = penalty * (1 - radius);
        assertEquals(first, cotangent(multipliers, 1)[0], 1e-4);
        multipliers.renew();
        cotangent(multipliers, 1);
        multipliers.renew();
        double second = cotangent(multipliers, 0.2f)[0]; // enough: the penalty stays
        assertEquals(first + 2 * penalty * (0.2 - radius), second, 1e-4);
        multipliers.renew();
        double third = cotangent(multipliers, 0.15f)[0];
        double held = first + penalty * (0.2 - radius) + penalty * (0.15 - radius);
        assertEquals(held + 3 * penalty * (0.15 - radius), third, 1e-4);
    }

    @Test
    void withinTheToleranceNothingIsAsked() {
        var multipliers = new Multipliers(2, NORM, 0.1);
        assertArrayEquals(new float[2], cotangent(multipliers, 0.05f, -0.05f), 1e-9f);
        assertEquals(0, value(multipliers, 0.05f, -0.05f));
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
