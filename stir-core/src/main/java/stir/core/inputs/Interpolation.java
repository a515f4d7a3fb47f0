package stir.core.inputs;

import stir.core.math.resampling.Resampling;

/**
 * The filter of a resized image. Filters are widened if an image shrinks (antialiasing), as in
 * Pillow and in torchvision with {@code antialias=True}.
 *
 * @since 0.1.0
 */
public enum Interpolation {
    /** The triangle: torchvision's default, used for most classifiers. */
    BILINEAR,

    /** Keys' cubic with a = -0.5, used for CLIP and many transformers. */
    BICUBIC;

    Resampling of(int from, int to) {
        return this == BILINEAR ? Resampling.bilinear(from, to) : Resampling.bicubic(from, to);
    }
}
