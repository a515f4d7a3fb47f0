package org.example.term;

import stir.api.ObjectiveTerm;
import stir.api.Shape;

/** The mean square of an input's values: a search with this term prefers dark images. */
public final class Brightness implements ObjectiveTerm {
    @Override
    public String id() {
        return "brightness";
    }

    @Override
    public String description() {
        return "Mean square of the pixels";
    }

    @Override
    public Evaluation on(Shape input) {
        return Brightness::add;
    }

    private static double add(double weight, float[] pixels, float[] gradient) {
        double sum = 0;
        for (int i = 0; i < pixels.length; i++) {
            sum += (double) pixels[i] * pixels[i];
            gradient[i] += (float) (weight * 2 * pixels[i] / pixels.length);
        }
        return weight * sum / pixels.length;
    }
}
