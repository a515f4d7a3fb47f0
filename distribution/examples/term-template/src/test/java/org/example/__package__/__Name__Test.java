package org.example.__package__;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.contract.ObjectiveTermContract;

class __Name__Test extends ObjectiveTermContract {
    @Override
    protected ObjectiveTerm term() {
        return new __Name__();
    }

    @Test
    void isTheMeanSquare() {
        var half = term().on(Shape.of(2)).add(1, new float[] {0.5f, 0.5f}, new float[2]);
        assertEquals(0.25, half, 1e-12);
    }
}
