package stir.core.inversion.search;

import java.util.Arrays;
import java.util.stream.IntStream;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;

/**
 * The numbers of passes of a search after which residuals are recorded: 1, 2, 3, 4, 6, 8, 12, 16,
 * 24 and so on, and the last. Their number grows with the logarithm of the passes.
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record CheckpointSchedule(int[] passes) {
    /** Returns the schedule of a search; empty if it does not optimise each input step by step. */
    public static CheckpointSchedule of(InversionSettings settings) {
        return settings.method() instanceof Method.Stepwise
                ? until(settings.iterations() + 1)
                : new CheckpointSchedule(new int[0]);
    }

    /** Returns the schedule of these numbers of passes, in their order. */
    public static CheckpointSchedule at(int[] passes) {
        return new CheckpointSchedule(passes.clone());
    }

    /** Returns the schedule until the last pass, at least 1. */
    public static CheckpointSchedule until(int last) {
        var doubling = IntStream.iterate(1, power -> power > 0 && power < last, power -> 2 * power);
        var between = doubling.flatMap(power -> IntStream.of(power, power + power / 2));
        var all = IntStream.concat(between, IntStream.of(last));
        return new CheckpointSchedule(
                all.filter(pass -> pass <= last).distinct().sorted().toArray());
    }

    /** Returns the number of checkpoints. */
    public int count() {
        return passes.length;
    }

    /** Returns the number of passes at a checkpoint, counted from 0. */
    public int passes(int checkpoint) {
        return passes[checkpoint];
    }

    /** Returns the first checkpoint with at least that many passes; {@link #count} if none has. */
    public int from(int least) {
        int index = Arrays.binarySearch(passes, least);
        return index >= 0 ? index : -index - 1;
    }
}
