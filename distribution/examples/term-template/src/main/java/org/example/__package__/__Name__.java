package org.example.__package__;

import stir.api.ObjectiveTerm;
import stir.api.Shape;

/** The mean square of an input's values: a search with this term prefers dark images. */
public final class __Name__ implements ObjectiveTerm {
    @Override
    public String id() {
        return "__id__";
    }

    @Override
    public String description() {
        return "Mean square of the pixels";
    }

    @Override
    public Evaluation on(Shape input) {
        return __Name__::add;
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
