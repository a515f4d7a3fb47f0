package stir.core.inputs;

import stir.core.linalg.Resampling;

/**
 * How the values between pixels are found when an image is resized. Both widen their filter where
 * an image shrinks (antialiasing), as Pillow and torchvision's {@code antialias=True} do.
 *
 * @since 0.1.0
 */
public enum Interpolation {
    /** The triangle: torchvision's default, and what most classifiers are evaluated with. */
    BILINEAR,

    /** Keys' cubic with a = -0.5: what CLIP and many transformers are evaluated with. */
    BICUBIC;

    Resampling of(int from, int to) {
        return this == BILINEAR ? Resampling.bilinear(from, to) : Resampling.bicubic(from, to);
    }
}
