package stir.core.inversion;

import stir.api.UsageException;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The rules by which the search moves an input. */
public enum Optimizer {
    /**
     * The published algorithm, step for step: the gradient of the relative distance, normalised to
     * length 1 for each input, times 0.5, then a clamp to [0,1]; the best iterate of each input is
     * kept. Source: Nanda et al., Measuring Representational Robustness of Neural Networks Through
     * Shared Invariances, ICML 2022, and its published code.
     */
    REFERENCE(1000);

    private final int defaultIterations;

    Optimizer(int defaultIterations) {
        this.defaultIterations = defaultIterations;
    }

    /** The iterations that are made unless others are asked for. */
    public int defaultIterations() {
        return defaultIterations;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws UsageException if there is no such optimiser
     */
    public static Optimizer parse(String text) {
        return Arrays.stream(values())
                .filter(optimizer -> optimizer.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "There is no optimizer '%s': take one of %s."
                                                .formatted(
                                                        text,
                                                        Arrays.stream(values())
                                                                .map(Optimizer::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
