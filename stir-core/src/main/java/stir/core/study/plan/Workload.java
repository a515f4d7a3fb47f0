package stir.core.study.plan;

import java.util.ArrayList;
import java.util.List;
import stir.api.Experimental;
import stir.core.inversion.Optimizer;

/**
 * The units that a run consists of, for displays of progress.
 *
 * @param done the number of units whose results were stored before the run
 * @param parts the other units, in the order in which one process runs them
 * @since 0.1.0
 */
@Experimental
public record Workload(int done, List<Part> parts) {
    /** Copies the parts. */
    public Workload {
        parts = List.copyOf(parts);
    }

    /**
     * A unit and its work, which is comparable between units of the same plan.
     *
     * @param unit the unit
     * @param size the largest possible work, above 0
     * @param byFast the work if its search used {@link Optimizer#FAST} in place of {@link
     *     Optimizer#THOROUGH}; for other units the same as {@code size}
     */
    public record Part(Unit unit, double size, double byFast) {}

    /**
     * Returns the workload of the given units of a plan.
     *
     * @param done the number of units whose results are stored
     * @param missing the other units
     */
    public static Workload of(StudyPlan plan, int done, List<Unit> missing) {
        var shares = new Shares(plan);
        var parts = new ArrayList<Part>();
        for (var unit : missing) {
            double size = shares.cost(unit);
            parts.add(new Part(unit, size, size * byFast(plan, unit)));
        }
        return new Workload(done, parts);
    }

    private static double byFast(StudyPlan plan, Unit unit) {
        if (!(unit instanceof Unit.Search search)) {
            return 1;
        }
        var settings = plan.run(search.search(), search.repeat()).settings();
        double fast = Optimizer.FAST.method().iterations() + 1.0;
        return settings.optimizer() == Optimizer.THOROUGH ? Math.min(1, fast / (settings.iterations() + 1.0)) : 1;
    }
}
