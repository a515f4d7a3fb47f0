package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.score.Advice;

/**
 * The changes that settle inconclusive scores, and those of them that a command can make.
 *
 * @param advised the changes: of each kind the one that settles what the others do, too
 */
record Settlement(List<Advice> advised) {
    /** The changes of which a reader chooses one. */
    private static final Set<Advice.Kind> CHOICES = Set.of(Advice.Kind.LATER_LAYER, Advice.Kind.OTHER_MEASURE);

    static Settlement of(Stream<Advice> all) {
        var advised = new LinkedHashMap<Advice.Kind, Advice>();
        all.forEach(advice -> advised.merge(advice.kind(), advice, Settlement::stronger));
        return new Settlement(List.copyOf(advised.values()));
    }

    /** Returns that of two changes of one kind that settles what the other does, too. */
    private static Advice stronger(Advice one, Advice other) {
        if (one.amount().isEmpty() || other.amount().isEmpty()) {
            return one.amount().isEmpty() ? other : one;
        }
        boolean isMore = other.amount().getAsDouble() > one.amount().getAsDouble();
        return isMore == (one.kind() != Advice.Kind.SMALLER_TOLERANCE) ? other : one;
    }

    boolean has(Advice.Kind kind) {
        return advised.stream().anyMatch(advice -> advice.kind() == kind);
    }

    /** Returns the changes that leave the reader no choice. */
    List<Advice> changes() {
        return advised.stream()
                .filter(advice -> !CHOICES.contains(advice.kind()))
                .toList();
    }

    /** Returns whether a change is one of the number of inputs. */
    static boolean isOfInputs(Advice advice) {
        return advice.kind() == Advice.Kind.MORE_INPUTS || advice.kind() == Advice.Kind.FEWEST_INPUTS;
    }

    private static long wanted(Advice advice, Inputs inputs) {
        return (long) Math.ceil(advice.amount().orElse(2.0 * inputs.count()));
    }

    /** Returns a change in words, with the number of inputs that there are if they are too few. */
    static String text(Advice advice, Inputs inputs, InversionSettings settings) {
        return isOfInputs(advice) && wanted(advice, inputs) > inputs.facts().total()
                ? "%s (there are %d)".formatted(advice.text(), inputs.facts().total())
                : SearchText.advice(advice, settings);
    }

    /**
     * Returns a command with the advised number of inputs, or all that there are, or with the
     * advised limit of memory; the same for other changes.
     *
     * @param inputs the inputs of the command
     * @param memory the limit of memory of the command, in bytes
     */
    static CommandText applied(Advice advice, CommandText to, Inputs inputs, long memory) {
        if (isOfInputs(advice)) {
            long limit = Math.min(wanted(advice, inputs), inputs.facts().total());
            return limit > inputs.count() ? to.with("--limit", Long.toString(limit)) : to;
        }
        return advice.kind() == Advice.Kind.MORE_MEMORY ? to.with("--memory", Long.toString(2 * memory)) : to;
    }

    /** Returns a tolerance as options take it. */
    static String tolerance(Advice advice) {
        return String.format(Locale.ROOT, "%.2g", advice.amount().orElseThrow());
    }
}
