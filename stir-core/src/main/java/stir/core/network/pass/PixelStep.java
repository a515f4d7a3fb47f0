package stir.core.network.pass;

import java.util.Arrays;
import stir.core.inputs.ValueRange;
import stir.core.math.resampling.Resampling;

/**
 * A step of a {@link PixelTransform}: an affine map of the values of one row, and the transpose of
 * its derivative. Values are channels x height x width.
 */
sealed interface PixelStep {
    /**
     * Returns the number of values that {@link #forward} computes; 0 if it changes them in place.
     */
    default int size() {
        return 0;
    }

    /**
     * Maps values.
     *
     * @param from the values
     * @param into the results; the same array if the step changes values in place
     */
    void forward(float[] from, float[] into);

    /**
     * Maps gradients back.
     *
     * @param gradients the gradients by the results
     * @param into the gradients by the values; the same array if the step changes values in place
     */
    void backward(float[] gradients, float[] into);

    /** From [0,1] to values of a range. */
    record Ranged(ValueRange range) implements PixelStep {
        @Override
        public void forward(float[] from, float[] into) {
            range.fromUnit(into);
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            range.scale(into);
        }
    }

    /**
     * Another length of one axis: from {@code [outer, from, inner]} to {@code [outer, to, inner]}.
     */
    record Resized(Resampling resampling, int outer, int from, int to, int inner) implements PixelStep {
        @Override
        public int size() {
            return outer * to * inner;
        }

        @Override
        public void forward(float[] values, float[] into) {
            resampling.apply(values, into, outer, from, inner);
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            Arrays.fill(into, 0);
            resampling.applyTransposed(gradients, into, outer, from, inner);
        }
    }

    /** Grey values as each of several channels. */
    record Repeated(int channels, int area) implements PixelStep {
        @Override
        public int size() {
            return channels * area;
        }

        @Override
        public void forward(float[] from, float[] into) {
            for (int channel = 0; channel < channels; channel++) {
                System.arraycopy(from, 0, into, channel * area, area);
            }
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            Arrays.fill(into, 0);
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < area; i++) {
                    into[i] += gradients[channel * area + i];
                }
            }
        }
    }

    /** Colours as the weighted sum of ITU-R BT.601. */
    record ToGrey(int area) implements PixelStep {
        private static final double[] LUMA = {0.299, 0.587, 0.114};

        @Override
        public int size() {
            return area;
        }

        @Override
        public void forward(float[] from, float[] into) {
            for (int i = 0; i < area; i++) {
                into[i] = (float) (LUMA[0] * from[i] + LUMA[1] * from[area + i] + LUMA[2] * from[2 * area + i]);
            }
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            Arrays.fill(into, 0);
            for (int colour = 0; colour < LUMA.length; colour++) {
                for (int i = 0; i < area; i++) {
                    into[colour * area + i] += (float) (LUMA[colour] * gradients[i]);
                }
            }
        }
    }

    /** Values less the mean of their channel, divided by its deviation. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Normalised(float[] mean, float[] deviation, int area) implements PixelStep {
        @Override
        public void forward(float[] from, float[] into) {
            for (int channel = 0; channel < mean.length; channel++) {
                float shift = mean[channel];
                float scale = deviation[channel];
                int end = (channel + 1) * area;
                for (int i = channel * area; i < end; i++) { // vectorised by the compiler
                    into[i] = (into[i] - shift) / scale;
                }
            }
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            for (int channel = 0; channel < mean.length; channel++) {
                float scale = deviation[channel];
                int end = (channel + 1) * area;
                for (int i = channel * area; i < end; i++) {
                    into[i] /= scale;
                }
            }
        }
    }

    /** Channels after the other dimensions. */
    record ChannelsLast(int channels, int area) implements PixelStep {
        @Override
        public int size() {
            return channels * area;
        }

        @Override
        public void forward(float[] from, float[] into) {
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < area; i++) {
                    into[i * channels + channel] = from[channel * area + i];
                }
            }
        }

        @Override
        public void backward(float[] gradients, float[] into) {
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < area; i++) {
                    into[channel * area + i] = gradients[i * channels + channel];
                }
            }
        }
    }
}
