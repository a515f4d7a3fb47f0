package stir.core.inversion.term;

import stir.api.ObjectiveTerm;
import stir.api.Shape;

/**
 * {@code 1/2 ||x - blur(x)||^2}, with a blur over 3 x 3 pixels: the pixel weighs 1, its neighbours
 * 1/2, and at the border only pixels of the image count. Needs images. Source: Nanda et al., Do
 * Invariances in Deep Neural Networks Align with Human Perception?, AAAI 2023, after Olah et al.,
 * Feature Visualization, 2017. Their gradient holds the blurred image constant; ours is the whole
 * derivative of the value.
 */
public final class Blur implements ObjectiveTerm {
    /** Creates the term. */
    public Blur() {}

    @Override
    public String id() {
        return "blur";
    }

    @Override
    public String description() {
        return "Distance from a blurred copy (Nanda et al., 2023)";
    }

    @Override
    public Evaluation on(Shape input) {
        return new Window(ImageSize.of(id(), input));
    }

    /** The windows of 3 x 3 pixels. */
    private static final class Window implements Evaluation {
        private static final int NEAR = 9;

        private final int height;
        private final int width;
        private final double[] total;

        Window(ImageSize image) {
            height = image.height();
            width = image.width();
            total = new double[height * width];
            for (int place = 0; place < total.length; place++) {
                for (int near = 0; near < NEAR; near++) {
                    if (neighbour(place, near) >= 0) {
                        total[place] += near == NEAR / 2 ? 1 : 0.5;
                    }
                }
            }
        }

        /** Adds 1/2 ||(I - B) x||^2, B being the blur; its gradient is (I - B)'(I - B) x. */
        @Override
        public double add(double weight, float[] pixels, float[] gradient) {
            double squares = 0;
            int area = height * width;
            for (int i = 0; i < pixels.length; i++) {
                int place = i % area;
                int image = i - place;
                double blurred = 0;
                for (int near = 0; near < NEAR; near++) {
                    int other = neighbour(place, near);
                    blurred += other < 0 ? 0 : share(near, place) * pixels[image + other];
                }
                double difference = pixels[i] - blurred;
                squares += difference * difference;
                gradient[i] += (float) (weight * difference);
                for (int near = 0; near < NEAR; near++) {
                    int other = neighbour(place, near);
                    if (other >= 0) {
                        gradient[image + other] -= (float) (weight * difference * share(near, place));
                    }
                }
            }
            return 0.5 * weight * squares;
        }

        /**
         * Returns the index of a neighbour in the window around a pixel, or -1 outside the image.
         */
        private int neighbour(int place, int near) {
            int y = place / width + near / 3 - 1;
            int x = place % width + near % 3 - 1;
            return y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
        }

        private double share(int near, int place) {
            return (near == NEAR / 2 ? 1 : 0.5) / total[place];
        }
    }
}
