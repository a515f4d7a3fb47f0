package stir.core.study;

import java.util.List;
import stir.api.Experimental;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/**
 * The outcome of a shard.
 *
 * @param stage the stage of the study
 * @param shard the shard
 * @param units the number of units of its share
 * @param done the number of units that this run completed; the others were done before, failed, or
 *     wait
 * @param failed the units that fail because of their data, on any machine
 * @param missing the incomplete searches that scores of its share need
 * @since 0.1.0
 */
@Experimental
public record ShardOutcome(Stage stage, Shard shard, int units, int done, List<Failure> failed, List<Unit> missing) {
    /** Copies the lists. */
    public ShardOutcome {
        failed = List.copyOf(failed);
        missing = List.copyOf(missing);
    }

    /**
     * A unit that fails because of its data.
     *
     * @param unit the unit
     * @param reason a sentence
     */
    public record Failure(Unit unit, String reason) {}

    /** Returns whether all of the share is done. */
    public boolean isComplete() {
        return failed.isEmpty() && missing.isEmpty();
    }

    /** Returns the outcome in a line. */
    public String sentence() {
        return "%d units of stage %s, shard %s: %d done now%s%s"
                .formatted(
                        units,
                        stage.word(),
                        shard,
                        done,
                        failed.isEmpty() ? "" : ", %d failed".formatted(failed.size()),
                        missing.isEmpty() ? "" : ", %d searches not complete yet".formatted(missing.size()));
    }
}
