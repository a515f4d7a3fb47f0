package stir.core.study;

/**
 * The estimated cost of a study: measured with a few passes of every reference layer and a few
 * comparisons, on a machine that may be busy.
 *
 * @param inversionSeconds the seconds of all inversions
 * @param comparisonSeconds the seconds of all comparisons, passes included
 * @param memoryBytes the maximum memory that Java needs besides the models: representations of two
 *     layers and the searched inputs
 * @param diskBytes the size of the results
 * @since 0.1.0
 */
public record StudyCost(double inversionSeconds, double comparisonSeconds, long memoryBytes, long diskBytes) {}
