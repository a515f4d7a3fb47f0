package stir.core.inversion;

import stir.api.UsageException;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
    REFERENCE(Map.of()),

    /**
     * The distance alone too, but 5000 steps of length 1. Source: Nanda et al., Do Invariances in
     * Deep Neural Networks Align with Human Perception?, AAAI 2023, {@code reg_free} in its
     * published code.
     */
    REG_FREE(Map.of(SearchOption.ITERATIONS, "5000", SearchOption.STEP, "1")),

    /**
     * Against high frequencies: total variation, blur, distance from grey, distortions and steps in
     * the Fourier spectrum. Source: as {@link #REG_FREE}, {@code freq} with {@code trans_robust}
     * and {@code fft}; its weights of 10, 0.0005, 0.0005 and 0.00005 are relative to the first
     * here. See {@link WeightedTerm}, {@link Distortion} and {@link Steps#fourier} for what
     * differs.
     */
    FREQ(
            Map.of(
                    SearchOption.ITERATIONS, "5000",
                    SearchOption.STEP, "1",
                    SearchOption.FOURIER, "true",
                    SearchOption.TV, "5e-5:2",
                    SearchOption.BLUR, "5e-5",
                    SearchOption.GREY, "5e-6:1:0.5",
                    SearchOption.TRANSFORM, "pad:12,jitter:8,scale:0.1,rotate:10,jitter:4")),

    /**
     * Total variation and the L6 norm. Source: as {@link #REG_FREE}, {@code freq_tv_l6}, after
     * Mahendran and Vedaldi, CVPR 2015; its weights of 10, 0.0005 and 1 are relative to the first
     * here.
     */
    TV(
            Map.of(
                    SearchOption.ITERATIONS, "5000",
                    SearchOption.STEP, "1",
                    SearchOption.TV, "5e-5:2",
                    SearchOption.GREY, "0.1:6:0")),

    /**
     * From an input of another class: 2000 steps of length 1/8 with momentum 0.9, without fake
     * ReLU. Needs labels. Source: Jones et al., If you've trained one you've trained them all, UAI
     * 2022, who found the same measure independently.
     */
    JONES(
            Map.of(
                    SearchOption.ITERATIONS, "2000",
                    SearchOption.SEED, "other-class",
                    SearchOption.FAKE_RELU, "false",
                    SearchOption.STEP, "0.125",
                    SearchOption.MOMENTUM, "0.9"));

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable
    private final SearchWords words;

    Preset(Map<SearchOption, String> words) {
        this.words = SearchWords.of(words);
    }

    /** What it says. */
    SearchWords words() {
        return words;
    }

    /** The settings, all of which are the preset's. */
    public InversionSettings settings() {
        return words.settings();
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws UsageException if there is no such preset
     */
    public static Preset parse(String text) {
        return Arrays.stream(values())
                .filter(preset -> preset.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "There is no preset '%s': take one of %s."
                                                .formatted(
                                                        text,
                                                        Arrays.stream(values())
                                                                .map(Preset::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** The name in settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
