package stir.core.inversion;

import java.util.Map;
import stir.api.support.Words;

/**
 * Settings of a search that papers used, by name.
 *
 * @since 0.1.0
 */
public enum Preset {
    /**
     * The relative Euclidean distance from super-noise, 1000 steps of length 0.5. Source: Nanda et
     * al., Measuring Representational Robustness of Neural Networks Through Shared Invariances,
     * ICML 2022, and its published code.
     */
    PUBLISHED(Map.of(SearchOption.OPTIMIZER, "published")),

    /**
     * Also only the distance, but with 5000 steps of length 1. Source: Nanda et al., Do Invariances
     * in Deep Neural Networks Align with Human Perception?, AAAI 2023, {@code reg_free} in its
     * published code.
     */
    REG_FREE(Map.of(
            SearchOption.OPTIMIZER, "published",
            SearchOption.ITERATIONS, "5000",
            SearchOption.STEP, "1")),

    /**
     * Against high frequencies: total variation, blur, distance from grey, augmentations and steps
     * in the Fourier spectrum. Source: the code of {@link #REG_FREE}, {@code freq} with {@code
     * trans_robust} and {@code fft}; its weights of 10, 0.0005, 0.0005 and 0.00005 are relative to
     * the first here. {@link WeightedTerm}, {@link Augmentation} and {@link Steps#fourier} explain
     * the differences.
     */
    FREQ(Map.of(
            SearchOption.OPTIMIZER, "published",
            SearchOption.ITERATIONS, "5000",
            SearchOption.STEP, "1",
            SearchOption.FOURIER, "true",
            SearchOption.TERM, "tv:5e-5,blur:5e-5,grey:5e-6",
            SearchOption.TRANSFORM, "pad:12,jitter:8,scale:0.1,rotate:10,jitter:4")),

    /**
     * Total variation and the L6 norm. Source: the code of {@link #REG_FREE}, {@code freq_tv_l6},
     * after Mahendran and Vedaldi, CVPR 2015; its weights of 10, 0.0005 and 1 are relative to the
     * first here.
     */
    TV(Map.of(
            SearchOption.OPTIMIZER, "published",
            SearchOption.ITERATIONS, "5000",
            SearchOption.STEP, "1",
            SearchOption.TERM, "tv:5e-5,grey?p=6&level=0:0.1")),

    /**
     * From an input of another class: 2000 steps of length 1/8 with momentum 0.9, without fake
     * ReLU. Needs labels. Source: Jones et al., If you've trained one you've trained them all, UAI
     * 2022, who proposed the same measure independently.
     */
    JONES(Map.of(
            SearchOption.OPTIMIZER, "published",
            SearchOption.ITERATIONS, "2000",
            SearchOption.SEED, "other-class",
            SearchOption.FAKE_RELU, "false",
            SearchOption.STEP, "0.125",
            SearchOption.MOMENTUM, "0.9"));

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable
    private final SearchArguments arguments;

    Preset(Map<SearchOption, String> texts) {
        this.arguments = SearchArguments.of(texts);
    }

    /** Returns the arguments that differ from the published search. */
    SearchArguments arguments() {
        return arguments;
    }

    /** Returns the preset's settings. */
    public InversionSettings settings() {
        return arguments.settings();
    }

    /** Returns the name in settings. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
