package stir.core.inversion;

import static stir.core.inversion.SearchOption.*;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The table of search options that exclude or need each other. */
final class SearchRules {
    private static final String OPTIMIZER_NAME = "{optimizer}";

    private static final Set<Optimizer> WITHOUT_GRADIENTS = EnumSet.complementOf(EnumSet.of(Optimizer.PUBLISHED));

    private static final Set<Optimizer> WITHOUT_CANDIDATES = EnumSet.complementOf(EnumSet.of(Optimizer.CANDIDATES));

    private static final Set<Optimizer> ATTRACTED = EnumSet.of(Optimizer.FAST, Optimizer.THOROUGH);

    private static final SearchOption[] OBJECTIVES = Arrays.stream(SearchOption.values())
            .filter(option -> option.group() == Group.OBJECTIVE)
            .toArray(SearchOption[]::new);

    private static final List<Row> ROWS = List.of(
            needs(
                    List.of(CONTROVERSIAL),
                    "%s is for a second network: add %s.",
                    CONTROVERSIAL_FACTOR,
                    SECOND_LAYER,
                    SECOND_MEAN,
                    SECOND_STD,
                    SECOND_INPUT,
                    SECOND_SEARCH_INPUT),
            excludes(
                    WITHOUT_CANDIDATES,
                    "%1$s is for the optimiser candidates, not {optimizer}: omit it, or add %2$s candidates.",
                    CANDIDATES,
                    PAIRS),
            excludes(PAIRS, "%2$s has one candidate per input: omit %1$s.", CANDIDATES),
            excludes(
                    WITHOUT_GRADIENTS,
                    "The optimiser {optimizer} chooses its steps itself: add %2$s published for %1$s.",
                    STEP,
                    MOMENTUM,
                    FOURIER,
                    RANDOM_STEPS,
                    ESTIMATE_GRADIENTS),
            excludes(
                    ATTRACTED,
                    "The optimiser {optimizer} supports only the norm 2: add %2$s published for another %1$s.",
                    NORM),
            excludes(
                    Set.of(Optimizer.CANDIDATES),
                    "The optimiser {optimizer} does not change candidates: omit %1$s.",
                    BALL),
            excludes(
                    Set.of(Optimizer.CANDIDATES),
                    "The optimiser {optimizer} makes no steps: omit %1$s.",
                    ITERATIONS,
                    TOLERANCE,
                    FAKE_RELU),
            excludes(
                    WITHOUT_GRADIENTS,
                    "The optimiser {optimizer} minimises only the relative distance: add %2$s published for %1$s.",
                    OBJECTIVES),
            new Row(
                    values -> isFar(values) && !ATTRACTED.contains(values.optimizer()),
                    List.of(SEED),
                    List.of(),
                    "Far seeds, and a spread, require the optimiser thorough or fast, not {optimizer}."),
            new Row(
                    SearchRules::isFar,
                    List.of(BALL),
                    List.of(),
                    "Searches with far seeds, and a spread, leave every ball: omit %s."),
            excludes(RANDOM_STEPS, "%2$s follow no gradient: omit %1$s.", MOMENTUM, FOURIER, ESTIMATE_GRADIENTS),
            excludes(TRANSFORM, "With %2$s no step measures the residual: omit %1$s.", TOLERANCE));

    private SearchRules() {}

    /**
     * A row of the table.
     *
     * @param applies the condition under which the row applies
     * @param refused the options that must then be absent
     * @param others the options that the sentence names besides the rejected option
     * @param sentence the explanation, with {@code %1$s} for the rejected option, further
     *     placeholders for the others, and {@code {optimizer}} for the optimiser
     */
    private record Row(
            Predicate<SearchValues> applies, List<SearchOption> refused, List<SearchOption> others, String sentence) {
        Optional<SearchProblem> conflict(SearchValues values) {
            return applies.test(values)
                    ? refused.stream().filter(values::isGiven).findFirst().map(option -> problem(option, values))
                    : Optional.empty();
        }

        private SearchProblem problem(SearchOption option, SearchValues values) {
            var named = values.optimizer() + (values.namesOptimizer() ? "" : " (the default)");
            return SearchProblem.of(
                    sentence.replace(OPTIMIZER_NAME, named),
                    Stream.concat(Stream.of(option), others.stream()).toList());
        }
    }

    private static boolean isFar(SearchValues values) {
        return values.values().get(SEED) instanceof Seed.Far;
    }

    private static Row excludes(SearchOption given, String sentence, SearchOption... refused) {
        return new Row(values -> values.isGiven(given), List.of(refused), List.of(given), sentence);
    }

    private static Row excludes(Set<Optimizer> used, String sentence, SearchOption... refused) {
        return new Row(values -> used.contains(values.optimizer()), List.of(refused), List.of(OPTIMIZER), sentence);
    }

    /** Creates a row for options that are rejected unless one of the others is present. */
    private static Row needs(List<SearchOption> others, String sentence, SearchOption... refused) {
        return new Row(values -> others.stream().noneMatch(values::isGiven), List.of(refused), others, sentence);
    }

    /** Returns the first conflict; empty if all values go together. */
    static Optional<SearchProblem> conflict(SearchValues values) {
        return ROWS.stream()
                .map(row -> row.conflict(values))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
