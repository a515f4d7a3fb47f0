package stir.core.store;

import stir.core.inversion.InversionSettings;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The passes of a search after which residuals are noted: 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on,
 * and the last. There are few of them, however long a search is.
 */
public final class Milestones {
    private final int[] passes;

    private Milestones(int[] passes) {
        this.passes = passes;
    }

    /** The milestones of a search; none if it does not go step by step, each input for itself. */
    public static Milestones of(InversionSettings settings) {
        return settings.method().stepsEachInput()
                ? until(settings.iterations() + 1)
                : new Milestones(new int[0]);
    }

    /** Given milestones, in their order. */
    static Milestones at(int[] passes) {
        return new Milestones(passes.clone());
    }

    /** The milestones until the last pass, at least 1. */
    static Milestones until(int last) {
        var doubling = IntStream.iterate(1, power -> power > 0 && power < last, power -> 2 * power);
        var between = doubling.flatMap(power -> IntStream.of(power, power + power / 2));
        var all = IntStream.concat(between, IntStream.of(last));
        return new Milestones(all.filter(pass -> pass <= last).distinct().sorted().toArray());
    }

    /** How many there are. */
    public int count() {
        return passes.length;
    }

    /** The number of passes at a milestone, counted from 0. */
    public int passes(int milestone) {
        return passes[milestone];
    }

    /** The first milestone with at least so many passes; {@link #count} if there is none. */
    public int from(int least) {
        int found = Arrays.binarySearch(passes, least);
        return found >= 0 ? found : -found - 1;
    }
}
