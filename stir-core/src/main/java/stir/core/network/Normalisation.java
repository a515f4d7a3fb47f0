package stir.core.network;

import java.util.List;

/**
 * Normalisations that many networks are trained with.
 *
 * @since 0.1.0
 */
public enum Normalisation {
    /** The normalisation of torchvision's and most of timm's networks for ImageNet. */
    IMAGENET,

    /** The normalisation of OpenAI's CLIP and of networks derived from it. */
    CLIP,

    /** From [0,1] to [-1,1]: mean and standard deviation are 0.5. */
    HALF,

    /** No normalisation: the network expects values in [0,1]. */
    NONE;

    /** Returns the mean of each channel, or of all; empty for 0. */
    public List<Double> mean() {
        return switch (this) {
            case IMAGENET -> List.of(0.485, 0.456, 0.406);
            case CLIP -> List.of(0.48145466, 0.4578275, 0.40821073);
            case HALF -> List.of(0.5);
            case NONE -> List.of();
        };
    }

    /** Returns the standard deviation of each channel, or of all; empty for 1. */
    public List<Double> standardDeviation() {
        return switch (this) {
            case IMAGENET -> List.of(0.229, 0.224, 0.225);
            case CLIP -> List.of(0.26862954, 0.26130258, 0.27577711);
            case HALF -> List.of(0.5);
            case NONE -> List.of();
        };
    }
}
