package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AugmentedLagrangianTest {
    private static final double NORM = 40;

    private static float[] cotangent(AugmentedLagrangian lagrangian, float... residual) {
        var cotangent = new float[residual.length];
        lagrangian.write(residual, cotangent);
        return cotangent;
    }

    private static double value(AugmentedLagrangian lagrangian, float... residual) {
        cotangent(lagrangian, residual);
        return lagrangian.value();
    }

    @Test
    void theCotangentIsTheGradientOfTheValue() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        lagrangian.renew();
        cotangent(lagrangian, 3, -1);
        var cotangent = cotangent(lagrangian, 0.5f, 0.25f);
        double first = value(lagrangian, 0.51f, 0.25f) - value(lagrangian, 0.49f, 0.25f);
        double second = value(lagrangian, 0.5f, 0.26f) - value(lagrangian, 0.5f, 0.24f);
        assertEquals(first / 0.02, cotangent[0], 1e-3);
        assertEquals(second / 0.02, cotangent[1], 1e-3);
    }

    /** At the point of a renewal the gradient is the one with twice the penalty. */
    @Test
    void renewedMultipliersReplaceThePenalty() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        var before = cotangent(lagrangian, 0.5f, -0.25f);
        lagrangian.renew();
        var after = cotangent(lagrangian, 0.5f, -0.25f);
        assertArrayEquals(new float[] {2 * before[0], 2 * before[1]}, after, 1e-5f);
    }

    @Test
    void thePenaltyIsRaisedWhereTheResidualFellTooLittle() {
        var lagrangian = new AugmentedLagrangian(new float[2], 1, NORM, 0.1);
        double penalty = Schedule.PENALTY / (NORM * NORM);
        double radius = Schedule.NEARER * 0.1;
        double first = penalty * (1 - radius);
        assertEquals(first, cotangent(lagrangian, 1)[0], 1e-4);
        lagrangian.renew();
        cotangent(lagrangian, 1);
        lagrangian.renew();
        double second = cotangent(lagrangian, 0.2f)[0]; // enough: the penalty stays
        assertEquals(first + 2 * penalty * (0.2 - radius), second, 1e-4);
        lagrangian.renew();
        double third = cotangent(lagrangian, 0.15f)[0];
        double held = first + penalty * (0.2 - radius) + penalty * (0.15 - radius);
        assertEquals(held + 3 * penalty * (0.15 - radius), third, 1e-4);
    }

    @Test
    void withinTheToleranceTheGradientIsZero() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        assertArrayEquals(new float[2], cotangent(lagrangian, 0.05f, -0.05f), 1e-9f);
        assertEquals(0, value(lagrangian, 0.05f, -0.05f));
    }

    @Test
    void aUnitThatIsOffInBothInputsHasNoCotangent() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        cotangent(lagrangian, 1, 1);
        lagrangian.renew();
        cotangent(lagrangian, 1, 1);
        assertEquals(0, cotangent(lagrangian, 1, 0)[1]);
    }

    /** Makes a pass at the seed, where no step falls, so that the multipliers are renewed. */
    private static boolean goesOn(AugmentedLagrangian lagrangian, float residual, double nearest) {
        cotangent(lagrangian, residual, 0);
        return lagrangian.next(nearest, new float[2], new float[2]);
    }

    @Test
    void endsWhereTheResidualStays() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        assertTrue(goesOn(lagrangian, 1, Double.POSITIVE_INFINITY));
        assertTrue(goesOn(lagrangian, 1, Double.POSITIVE_INFINITY));
        assertFalse(goesOn(lagrangian, 1, Double.POSITIVE_INFINITY));
    }

    @Test
    void withinTheToleranceGoesOnAsLongAsTheDistanceFalls() {
        var lagrangian = new AugmentedLagrangian(new float[2], 2, NORM, 0.1);
        assertTrue(goesOn(lagrangian, 0.05f, 2));
        assertTrue(goesOn(lagrangian, 0.05f, 1.9));
        assertFalse(goesOn(lagrangian, 0.05f, 1.8999));
    }
}
