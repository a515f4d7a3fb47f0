package stir.core.inversion.optimizer.reference;

import java.util.Arrays;
import java.util.List;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.math.linalg.Vectors;

/**
 * A rule whose steps are taken in the scaled Fourier spectrum z of an image, {@code x = F S z} with
 * {@code S = diag(1 / max(f, 1 / max(width, height)))}. A step along the gradient by z moves the
 * pixels along {@code F S S F'} times their gradient, which the wrapped rule receives.
 *
 * <p>{@code F S S F'} is the same with the real Hartley transform, row- and columnwise, in place of
 * Fourier's, since S is even in both directions.
 *
 * @param <S> the wrapped rule's state of an input
 */
public final class FourierSteps<S extends UpdateState> implements UpdateRule<FourierSteps<S>.Filtered> {
    private final UpdateRule<S> rule;
    private final int channels;
    private final int height;
    private final int width;
    private final float[] ofRows;
    private final float[] ofColumns;
    private final float[] scales;
    private final float[] image;
    private final float[] half;

    /**
     * Creates a rule around another.
     *
     * @throws UsageException if the inputs are not images
     */
    public FourierSteps(UpdateRule<S> rule, Shape shape) {
        this.rule = rule;
        if (shape.rank() != 3) {
            throw new UsageException(
                    "The Fourier spectrum needs images, but the inputs are vectors of %s: omit it.".formatted(shape));
        }
        this.channels = shape.dimension(0);
        this.height = shape.dimension(1);
        this.width = shape.dimension(2);
        this.ofRows = hartley(height);
        this.ofColumns = hartley(width);
        this.scales = new float[height * width];
        this.image = new float[height * width];
        this.half = new float[height * width];
        double smallest = 1.0 / Math.max(height, width);
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                double y = Math.min(v, height - v) / (double) height;
                double x = Math.min(u, width - u) / (double) width;
                double frequency = Math.max(Math.sqrt(x * x + y * y), smallest);
                scales[v * width + u] = (float) (1 / (frequency * frequency));
            }
        }
    }

    /** Returns the orthogonal Hartley transform, symmetric and its own inverse. */
    private static float[] hartley(int size) {
        var matrix = new float[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double angle = 2 * Math.PI * ((long) i * j % size) / size;
                matrix[i * size + j] = (float) ((StrictMath.cos(angle) + StrictMath.sin(angle)) / Math.sqrt(size));
            }
        }
        return matrix;
    }

    /** Multiplies the images of a gradient with {@code F S S F'}. */
    void filter(float[] gradient) {
        int area = height * width;
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(gradient, channel * area, image, 0, area);
            transform();
            for (int i = 0; i < area; i++) {
                image[i] *= scales[i];
            }
            transform();
            System.arraycopy(image, 0, gradient, channel * area, area);
        }
    }

    private void transform() {
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                half[row * width + column] = Vectors.dot(image, row * width, ofColumns, column * width, width);
            }
        }
        Arrays.fill(image, 0);
        for (int row = 0; row < height; row++) {
            for (int other = 0; other < height; other++) {
                float factor = ofRows[row * height + other];
                for (int column = 0; column < width; column++) {
                    image[row * width + column] += factor * half[other * width + column];
                }
            }
        }
    }

    /** Steps along the filtered gradient. */
    public final class Filtered extends DelegatingSteps<S> {
        private Filtered(S delegate) {
            super(delegate);
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            filter(gradient);
            delegate.step(step, residual, point, gradient);
        }
    }

    @Override
    public Filtered begin(int input, float[] seed) {
        return new Filtered(rule.begin(input, seed));
    }

    @Override
    public void differentiate(Pass pass, List<Filtered> inputs) {
        rule.differentiate(pass, DelegatingSteps.delegates(inputs));
    }
}
