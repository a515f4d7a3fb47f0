package stir.core.inputs;

import stir.core.math.resampling.Resampling;

/**
 * The filter of a resized image. Both filters are widened where an image shrinks (antialiasing), as
 * by Pillow and by torchvision with {@code antialias=True}.
 *
 * @since 0.1.0
 */
public enum Interpolation {
    /** The triangle: torchvision's default, with which most classifiers are evaluated. */
    BILINEAR,

    /** Keys' cubic with a = -0.5, with which CLIP and many transformers are evaluated. */
    BICUBIC;

    Resampling of(int from, int to) {
        return this == BILINEAR ? Resampling.bilinear(from, to) : Resampling.bicubic(from, to);
    }
}
