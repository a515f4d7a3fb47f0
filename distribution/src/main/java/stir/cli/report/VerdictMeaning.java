package stir.cli.report;

import stir.api.support.Words;
import stir.core.score.Verdict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The meaning of a verdict, for pages.
 *
 * @param word the name of the verdict in documents
 * @param answer the answer to the question whether the target ignores what the reference ignores
 * @param known whether the question is answered
 * @param rule the condition of the verdict, a part of a sentence
 */
public record VerdictMeaning(String word, String answer, boolean known, String rule) {
    private static VerdictMeaning of(Verdict verdict) {
        var rule = VerdictText.rule(verdict);
        return new VerdictMeaning(
                Words.of(verdict),
                VerdictText.answer(verdict).toLowerCase(Locale.ROOT),
                verdict.isKnown(),
                rule.substring(0, 1).toLowerCase(Locale.ROOT)
                        + rule.substring(1, rule.length() - 1));
    }

    /** Returns the meanings of all verdicts, in the order in which their rules are applied. */
    public static List<VerdictMeaning> all() {
        return Arrays.stream(Verdict.values()).map(VerdictMeaning::of).toList();
    }
}
