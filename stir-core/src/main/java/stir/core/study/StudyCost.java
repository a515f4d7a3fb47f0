package stir.core.study;

/**
 * What a study is going to cost, about: measured with a few passes of every reference layer, and a
 * few comparisons, on a machine that may be busy with other things.
 *
 * @param inversionSeconds of all inversions
 * @param comparisonSeconds of all comparisons, passes included
 * @param memoryBytes what Java needs at the most beside the models: representations of two layers
 *     and the searched inputs
 * @param diskBytes what is stored in the end
 * @since 0.1.0
 */
public record StudyCost(
        double inversionSeconds, double comparisonSeconds, long memoryBytes, long diskBytes) {}
