package stir.core.study;

import stir.api.Experimental;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

import java.util.List;

/**
 * What a shard has done.
 *
 * @param stage of the study
 * @param shard which
 * @param units how many units its share has
 * @param done how many of them it has done now; the others were done before, failed, or wait
 * @param failed those that their data make impossible: they fail wherever they are tried again
 * @param missing the searches, not complete yet, that scores of its share wait for
 * @since 0.1.0
 */
@Experimental
public record ShardOutcome(
        Stage stage, Shard shard, int units, int done, List<Failure> failed, List<Unit> missing) {
    /** Copies the lists. */
    public ShardOutcome {
        failed = List.copyOf(failed);
        missing = List.copyOf(missing);
    }

    /**
     * A unit that its data make impossible.
     *
     * @param unit which
     * @param reason a sentence
     */
    public record Failure(Unit unit, String reason) {}

    /** Whether all of the share is done. */
    public boolean isComplete() {
        return failed.isEmpty() && missing.isEmpty();
    }

    /** What was done, in a line. */
    public String sentence() {
        return "%d units of stage %s, shard %s: %d done now%s%s"
                .formatted(
                        units,
                        stage.word(),
                        shard,
                        done,
                        failed.isEmpty() ? "" : ", %d failed".formatted(failed.size()),
                        missing.isEmpty()
                                ? ""
                                : ", %d searches not complete yet".formatted(missing.size()));
    }
}
