package stir.cli.report;

import stir.api.support.Words;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Estimate;
import stir.core.score.DirectedScore;
import stir.core.score.Verdict;

import java.util.List;
import java.util.Optional;

/**
 * The verdict on a score, by the measure that decides.
 *
 * @param of the score by the measure that decides
 */
record VerdictText(Verdict verdict, MeasuredScore of, InversionSettings search) {
    /** A verdict in a document. */
    record Document(String word, String measure, String rule) {}

    /** Returns the verdict on a score. */
    static VerdictText of(DirectedScore score, List<String> measures, InversionSettings search) {
        var measure = Verdict.measure(measures);
        return new VerdictText(
                Verdict.of(score, measure, search), new MeasuredScore(score, measure), search);
    }

    Document document() {
        return new Document(Words.of(verdict), of.measure(), rule(verdict));
    }

    /** Returns the answer to the question whether the target ignores what the reference ignores. */
    String answer() {
        return answer(verdict);
    }

    static String answer(Verdict verdict) {
        return switch (verdict) {
            case NOTHING_TO_IGNORE -> "NOTHING TO IGNORE";
            case FEW_ACCEPTED, UNDEFINED, LOW_CEILING, WIDE_INTERVAL, NEAR_INPUTS -> "NOT KNOWN";
            case CHANCE -> "NO MORE THAN CHANCE";
            case PARTLY -> "PARTLY";
            case NEARLY_ALL -> "NEARLY ALL";
        };
    }

    /** Returns why there is no other answer; empty if the answer needs no explanation. */
    Optional<String> reason() {
        return switch (verdict) {
            case NOTHING_TO_IGNORE ->
                    Optional.of(
                            "X' lies within %s of X"
                                    .formatted(TextTable.percent(Inversion.SAME_INPUTS)));
            case FEW_ACCEPTED ->
                    Optional.of(
                            "%d of %d invariant inputs were %s"
                                    .formatted(
                                            accepted(),
                                            of.score().inversion().count(),
                                            accepting(of.score())));
            case UNDEFINED -> Optional.of("a value or interval is missing");
            case LOW_CEILING -> Optional.of("ceiling not clearly above the floor");
            case WIDE_INTERVAL -> Optional.of("chance or much, by a wide interval");
            case CHANCE -> chance();
            case NEAR_INPUTS ->
                    Optional.of(
                            "not clearly above S(X, X'), %s"
                                    .formatted(
                                            TextTable.number(
                                                    of.score().inputsOnly().get(of.measure()), 2)));
            case PARTLY, NEARLY_ALL -> Optional.empty();
        };
    }

    /** Returns why a score with a small p is no more than chance. */
    private Optional<String> chance() {
        return Optional.ofNullable(of.score().baselineCorrected().get(of.measure()))
                .flatMap(Estimate::interval)
                .filter(interval -> of.p().orElse(1) <= Verdict.LEVEL)
                .map(ends -> "corrected interval from " + TextTable.number(ends.low(), 2));
    }

    /** Returns the word for invariant inputs that count: where acceptance is unknown, the found. */
    static String accepting(DirectedScore score) {
        return score.acceptance().isPresent() ? "accepted" : "found";
    }

    /** Returns the number of inputs whose invariant input was accepted. */
    long accepted() {
        return Math.round(of.score().accepted(search) * of.score().inversion().count());
    }

    /** Returns the condition of a verdict, as a sentence. */
    static String rule(Verdict verdict) {
        return switch (verdict) {
            case NOTHING_TO_IGNORE ->
                    "The invariant inputs lie within %s of their inputs, on average, and the search could leave them."
                            .formatted(TextTable.percent(Inversion.SAME_INPUTS));
            case FEW_ACCEPTED ->
                    "Fewer than %s of the invariant inputs are accepted."
                            .formatted(TextTable.percent(Verdict.FEWEST));
            case UNDEFINED ->
                    "The score, its ceiling, both floors, an interval or the p-value is not defined.";
            case LOW_CEILING -> "The ceiling is not clearly above the floor.";
            case WIDE_INTERVAL ->
                    "The baseline-corrected interval contains 0 and %s.".formatted(Verdict.MUCH);
            case CHANCE ->
                    "The p-value is above %s, or the baseline-corrected interval is not above 0."
                            .formatted(Verdict.LEVEL);
            case NEAR_INPUTS ->
                    "The baseline-corrected interval begins above 0, but the interval of the score is not above the similarity of the inputs and invariant inputs themselves by more than %s of the distance from the floor to the ceiling."
                            .formatted(TextTable.percent(Verdict.CLEARLY));
            case PARTLY ->
                    "The p-value is at most %s, and the baseline-corrected interval begins above 0 and not above %s."
                            .formatted(Verdict.LEVEL, Verdict.NEARLY_ALL_FROM);
            case NEARLY_ALL ->
                    "The p-value is at most %s, and the baseline-corrected interval begins above %s."
                            .formatted(Verdict.LEVEL, Verdict.NEARLY_ALL_FROM);
        };
    }
}
