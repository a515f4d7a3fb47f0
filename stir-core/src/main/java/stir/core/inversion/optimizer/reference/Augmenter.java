package stir.core.inversion.optimizer.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inversion.Augmentation;
import stir.core.math.random.KeyedRandom;

/**
 * Random augmentations of images, and the pullback of gradients through them. All augmentations of
 * a step together are one affine map of positions, and values between pixels are interpolated
 * bilinearly. Not thread-safe.
 */
final class Augmenter {
    private static final int SCALES = 5;
    private static final float GREY = 0.5f;
    private static final int OUTSIDE = -1;
    private static final int CORNERS = 4;

    private final List<Augmentation> augmentations;
    private final long rngSeed;
    private final boolean padded;
    private final int channels;
    private final int height;
    private final int width;
    private final Batch augmented;
    private final float[] from;
    private final float[] to;
    private final int[] corners = new int[CORNERS];
    private final float[] shares = new float[CORNERS];

    /**
     * Creates an augmenter.
     *
     * @throws UsageException if the inputs are not images
     */
    Augmenter(List<Augmentation> augmentations, long rngSeed, Shape shape, int slots) {
        if (shape.rank() != 3) {
            throw new UsageException(
                    "Transforms need images, but the inputs are vectors of %s: omit them.".formatted(shape));
        }
        this.augmentations = augmentations;
        this.rngSeed = rngSeed;
        this.padded = augmentations.stream().anyMatch(augmentation -> augmentation.kind() == Augmentation.Kind.PAD);
        this.channels = shape.dimension(0);
        this.height = shape.dimension(1);
        this.width = shape.dimension(2);
        this.augmented = Batch.allocate(slots, shape);
        this.from = new float[shape.size()];
        this.to = new float[shape.size()];
    }

    /** Returns the map that leaves an image as it is. */
    static double[] identity() {
        return new double[] {1, 0, 0, 0, 1, 0};
    }

    /** Draws the map of an input's image for a step. */
    double[] draw(int input, int step) {
        var random = KeyedRandom.of(rngSeed, input, step);
        var map = identity();
        for (var augmentation : augmentations) {
            map = after(map, inverse(augmentation, random));
        }
        return map;
    }

    /**
     * Returns the map from positions in the augmented image to those in the image, about the
     * centre.
     */
    private static double[] inverse(Augmentation augmentation, Random random) {
        double amount = augmentation.amount();
        return switch (augmentation.kind()) {
            case PAD -> identity();
            case JITTER -> {
                int most = (int) (amount / 2);
                int right = random.nextInt(2 * most + 1) - most;
                int down = random.nextInt(2 * most + 1) - most;
                yield new double[] {1, 0, -right, 0, 1, -down};
            }
            case SCALE -> {
                double factor = 1 + amount * (random.nextInt(2 * SCALES + 1) - SCALES) / SCALES;
                yield new double[] {1 / factor, 0, 0, 0, 1 / factor, 0};
            }
            case ROTATE -> {
                int most = (int) amount;
                double angle = Math.toRadians(random.nextInt(2 * most + 1) - most);
                double cos = StrictMath.cos(angle);
                double sin = StrictMath.sin(angle);
                yield new double[] {cos, sin, 0, -sin, cos, 0};
            }
        };
    }

    /** Returns the map that applies {@code second}, then {@code first}. */
    private static double[] after(double[] first, double[] second) {
        return new double[] {
            first[0] * second[0] + first[1] * second[3],
            first[0] * second[1] + first[1] * second[4],
            first[0] * second[2] + first[1] * second[5] + first[2],
            first[3] * second[0] + first[4] * second[3],
            first[3] * second[1] + first[4] * second[4],
            first[3] * second[2] + first[4] * second[5] + first[5]
        };
    }

    /**
     * Returns the augmented images; valid until the next call.
     *
     * @param points the images; rows after those of the maps are ignored
     * @param maps one per image
     */
    Batch apply(Batch points, List<double[]> maps) {
        for (int slot = 0; slot < maps.size(); slot++) {
            var map = maps.get(slot);
            points.buffer().get(slot * from.length, from);
            for (int place = 0; place < height * width; place++) {
                locate(map, place);
                for (int channel = 0; channel < channels; channel++) {
                    int image = channel * height * width;
                    float sum = 0;
                    for (int i = 0; i < CORNERS; i++) {
                        sum += shares[i] * (corners[i] == OUTSIDE ? GREY : from[image + corners[i]]);
                    }
                    to[image + place] = sum;
                }
            }
            augmented.buffer().put(slot * to.length, to);
        }
        return augmented.slice(0, points.rows());
    }

    /** Turns gradients by the augmented images into gradients by the images. */
    void pullBack(Batch gradients, List<double[]> maps) {
        for (int slot = 0; slot < maps.size(); slot++) {
            var map = maps.get(slot);
            gradients.buffer().get(slot * from.length, from);
            Arrays.fill(to, 0);
            for (int place = 0; place < height * width; place++) {
                locate(map, place);
                for (int channel = 0; channel < channels; channel++) {
                    int image = channel * height * width;
                    for (int i = 0; i < CORNERS; i++) {
                        if (corners[i] != OUTSIDE) {
                            to[image + corners[i]] += shares[i] * from[image + place];
                        }
                    }
                }
            }
            gradients.buffer().put(slot * to.length, to);
        }
    }

    /** Finds the pixels that a position of the augmented image is made of, and their shares. */
    private void locate(double[] map, int place) {
        int line = place / width;
        double x = place % width - (width - 1) / 2.0;
        double y = line - (height - 1) / 2.0;
        double column = map[0] * x + map[1] * y + map[2] + (width - 1) / 2.0;
        double row = map[3] * x + map[4] * y + map[5] + (height - 1) / 2.0;
        int left = (int) Math.floor(column);
        int top = (int) Math.floor(row);
        double right = column - left;
        double down = row - top;
        for (int i = 0; i < CORNERS; i++) {
            boolean below = (i & 2) != 0;
            boolean after = (i & 1) != 0;
            corners[i] = pixel(below ? top + 1 : top, after ? left + 1 : left);
            shares[i] = (float) ((below ? down : 1 - down) * (after ? right : 1 - right));
        }
    }

    private int pixel(int row, int column) {
        if (padded && (row < 0 || row >= height || column < 0 || column >= width)) {
            return OUTSIDE;
        }
        return Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column));
    }
}
