package org.example.term;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.contract.ObjectiveTermContract;

class BrightnessTest extends ObjectiveTermContract {
    @Override
    protected ObjectiveTerm term() {
        return new Brightness();
    }

    @Test
    void isTheMeanSquare() {
        var half = term().on(Shape.of(2)).add(1, new float[] {0.5f, 0.5f}, new float[2]);
        assertEquals(0.25, half, 1e-12);
    }
}
