package stir.core.study.run;

import java.util.List;
import java.util.Map;
import stir.api.Remedy;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.score.Verdict;
import stir.core.score.compute.RowMemory;
import stir.core.study.plan.StudyPlan;

/**
 * The memory that the comparisons of a plan take.
 *
 * @param measures the plan's measures by name
 */
public record ComparisonMemory(StudyPlan plan, Map<String, SimilarityMeasure> measures) {
    /**
     * Checks that Java has the memory that the plan's limit allows.
     *
     * @throws UsageException if it has less
     */
    public void check() {
        long needed = Math.max(ofLayers(), ofInputs());
        long there = Runtime.getRuntime().maxMemory();
        if (needed > there) {
            throw new UsageException(
                    "The comparisons need up to %d MB, but Java has only %d MB: lower the memory limit, or increase the heap."
                            .formatted(needed / 1_000_000, there / 1_000_000),
                    Remedy.LOWER_MEMORY_LIMIT,
                    Remedy.RAISE_JAVA_MEMORY);
        }
    }

    private long ofLayers() {
        long widest = plan.pairs().stream()
                .mapToLong(pair -> (long) plan.layer(pair.reference()).shape().size()
                        + plan.layer(pair.target()).shape().size())
                .max()
                .orElse(0);
        return Math.min(plan.experiment().memory(), 16L * plan.inputs().count() * widest);
    }

    /** Returns the maximum memory that the floor of the inputs themselves takes. */
    private long ofInputs() {
        if (plan.pairs().isEmpty() || plan.runs().isEmpty() || measures.isEmpty()) {
            return 0;
        }
        var deciding = measures.get(Verdict.measure(List.copyOf(measures.keySet())));
        return deciding == null
                ? 0
                : new RowMemory(plan.experiment().memory())
                        .ofInputs(
                                deciding,
                                plan.inputs().count(),
                                plan.inputs().shape().size());
    }
}
