package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Settings of a search that papers used, by name. */
public enum Preset {
    /**
     * The relative Euclidean distance from super-noise, 1000 steps of length 0.5. Source: Nanda et
     * al., Measuring Representational Robustness of Neural Networks Through Shared Invariances,
     * ICML 2022, and its published code.
     */
    REFERENCE,

    /**
     * The distance alone too, but 5000 steps of length 1. Source: Nanda et al., Do Invariances in
     * Deep Neural Networks Align with Human Perception?, AAAI 2023, {@code reg_free} in its
     * published code.
     */
    REG_FREE,

    /**
     * Against high frequencies: total variation, blur, distance from grey, distortions and steps in
     * the Fourier spectrum. Source: as {@link #REG_FREE}, {@code freq} with {@code trans_robust}
     * and {@code fft}; its weights of 10, 0.0005, 0.0005 and 0.00005 are relative to the first
     * here. See {@link Regulariser}, {@link Distortion} and {@link Movement#fourier} for what
     * differs.
     */
    FREQ,

    /**
     * Total variation and the L6 norm. Source: as {@link #REG_FREE}, {@code freq_tv_l6}, after
     * Mahendran and Vedaldi, CVPR 2015; its weights of 10, 0.0005 and 1 are relative to the first
     * here.
     */
    TV,

    /**
     * From an input of another class: 2000 steps of length 1/8 with momentum 0.9, without fake
     * ReLU. Needs labels. Source: Jones et al., If you've trained one you've trained them all, UAI
     * 2022, who found the same measure independently.
     */
    JONES;

    private static InversionSettings longer(Objective objective, Movement movement) {
        return InversionSettings.REFERENCE
                .withIterations(5000)
                .withObjective(objective)
                .withMovement(movement.withStep(1));
    }

    /** The settings, all of which are the preset's. */
    public InversionSettings settings() {
        return switch (this) {
            case REFERENCE -> InversionSettings.REFERENCE;
            case REG_FREE -> longer(Objective.DISTANCE, Movement.REFERENCE);
            case FREQ ->
                    longer(
                            new Objective(
                                    List.of(
                                            new Regulariser.TotalVariation(5e-5, 2),
                                            new Regulariser.Blur(5e-5),
                                            new Regulariser.Grey(5e-6, Norm.L1, 0.5)),
                                    Optional.empty(),
                                    Distortion.parse(
                                            "pad:12,jitter:8,scale:0.1,rotate:10,jitter:4")),
                            Movement.REFERENCE.withFourier(true));
            case TV ->
                    longer(
                            Objective.DISTANCE.withRegularisers(
                                    new Regulariser.TotalVariation(5e-5, 2),
                                    new Regulariser.Grey(0.1, new Norm(6), 0)),
                            Movement.REFERENCE);
            case JONES ->
                    InversionSettings.REFERENCE
                            .withIterations(2000)
                            .withSeed(new Seed.OtherClass())
                            .withFakeRelu(false)
                            .withMovement(Movement.REFERENCE.withStep(0.125).withMomentum(0.9));
        };
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

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
