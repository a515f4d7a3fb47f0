package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inversion.Regulariser;

import java.util.List;

/** The terms of an objective that see pixels alone: {@link Regulariser}. For one worker. */
public final class PixelTerms {
    /** The pixels of a blur. */
    private static final int NEAR = 9;

    private final List<Regulariser> terms;
    private final int height;
    private final int width;
    private final float[] point;
    private final float[] gradient;
    private final double[] total;

    /**
     * Terms for inputs of a shape.
     *
     * @throws UsageException if a term needs images and the inputs are none
     */
    public PixelTerms(List<Regulariser> terms, Shape shape) {
        this.terms = terms;
        boolean image = shape.rank() == 3;
        for (var term : terms) {
            if (!image && !(term instanceof Regulariser.Grey)) {
                throw new UsageException(
                        "%s needs images, but the inputs are vectors of %s: leave it out."
                                .formatted(term.name(), shape));
            }
        }
        height = image ? shape.dimension(1) : 1;
        width = image ? shape.dimension(2) : shape.size();
        point = new float[shape.size()];
        gradient = new float[shape.size()];
        total = new double[height * width];
        for (int place = 0; place < total.length; place++) {
            for (int near = 0; near < NEAR; near++) {
                if (neighbour(place, near) >= 0) {
                    total[place] += near == NEAR / 2 ? 1 : 0.5;
                }
            }
        }
    }

    /** Adds the terms of the first slots to sums, and their gradients to the sums' gradients. */
    public void add(Batch points, double[] values, Batch gradients) {
        for (int slot = 0; slot < points.rows(); slot++) {
            points.buffer().get(slot * point.length, point);
            gradients.buffer().get(slot * point.length, gradient);
            for (var term : terms) {
                values[slot] += add(term);
            }
            gradients.buffer().put(slot * point.length, gradient);
        }
    }

    private double add(Regulariser term) {
        if (term instanceof Regulariser.TotalVariation variation) {
            return addVariation(variation);
        }
        if (term instanceof Regulariser.Blur blur) {
            return addBlur(blur.weight());
        }
        return addGrey((Regulariser.Grey) term);
    }

    private double addVariation(Regulariser.TotalVariation term) {
        double squares = 0;
        for (int i = 0; i < point.length; i++) {
            double right = right(i);
            double down = down(i);
            squares += right * right + down * down;
        }
        if (squares == 0) {
            return 0; // an even image: the smallest value
        }
        double value = Math.pow(squares, term.beta() / 2);
        double factor = term.weight() * term.beta() * value / squares;
        for (int i = 0; i < point.length; i++) {
            double right = factor * right(i);
            double down = factor * down(i);
            gradient[i] -= (float) (right + down);
            if (right != 0) {
                gradient[i + 1] += (float) right;
            }
            if (down != 0) {
                gradient[i + width] += (float) down;
            }
        }
        return term.weight() * value;
    }

    /** How much larger the right neighbour is; 0 at the border. */
    private double right(int i) {
        return i % width == width - 1 ? 0 : (double) point[i + 1] - point[i];
    }

    private double down(int i) {
        return i / width % height == height - 1 ? 0 : (double) point[i + width] - point[i];
    }

    /** With B the blur: 1/2 ||(I - B) x||^2, whose gradient is (I - B)'(I - B) x. */
    private double addBlur(double weight) {
        double squares = 0;
        int area = height * width;
        for (int i = 0; i < point.length; i++) {
            int place = i % area;
            int image = i - place;
            double blurred = 0;
            for (int near = 0; near < NEAR; near++) {
                int other = neighbour(place, near);
                blurred += other < 0 ? 0 : share(near, place) * point[image + other];
            }
            double difference = point[i] - blurred;
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

    /** A place of the 3 x 3 around another, or -1 outside. */
    private int neighbour(int place, int near) {
        int y = place / width + near / 3 - 1;
        int x = place % width + near % 3 - 1;
        return y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
    }

    private double share(int near, int place) {
        return (near == NEAR / 2 ? 1 : 0.5) / total[place];
    }

    private double addGrey(Regulariser.Grey term) {
        double p = term.norm().p();
        double largest = 0;
        int at = 0;
        for (int i = 0; i < point.length; i++) {
            double difference = Math.abs(point[i] - term.level());
            if (difference > largest) {
                largest = difference;
                at = i;
            }
        }
        if (largest == 0) {
            return 0;
        }
        if (Double.isInfinite(p)) {
            gradient[at] += (float) (term.weight() * Math.signum(point[at] - term.level()));
            return term.weight() * largest;
        }
        double sum = 0;
        for (float value : point) { // scaled, or the powers overflow
            sum += Math.pow(Math.abs(value - term.level()) / largest, p);
        }
        double distance = largest * Math.pow(sum, 1 / p);
        for (int i = 0; i < point.length; i++) {
            double difference = point[i] - term.level();
            gradient[i] +=
                    (float)
                            (term.weight()
                                    * Math.signum(difference)
                                    * Math.pow(Math.abs(difference) / distance, p - 1));
        }
        return term.weight() * distance;
    }
}
