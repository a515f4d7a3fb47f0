package stir.core.study;

/**
 * The estimated cost of a study: measured with a few passes of every reference layer and a few
 * comparisons, on a machine that may be busy.
 *
 * @param inversionSeconds of all inversions
 * @param comparisonSeconds of all comparisons, passes included
 * @param memoryBytes the most memory that Java needs besides the models: representations of two
 *     layers and the searched inputs
 * @param diskBytes the size of the results
 * @since 0.1.0
 */
public record StudyCost(
        double inversionSeconds, double comparisonSeconds, long memoryBytes, long diskBytes) {}
