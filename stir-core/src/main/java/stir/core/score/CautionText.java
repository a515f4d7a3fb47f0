package stir.core.score;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stir.api.Caution;

/**
 * The English sentences of cautions, which no other class writes.
 *
 * @since 0.1.0
 */
public final class CautionText {
    /** The kind of a caution that a layer distinguishes all inputs. */
    public static final String IGNORES_NOTHING = "ignores-nothing";

    /** The kind of a caution that most scores of early layers have. */
    public static final String NEAR_INPUTS = "near-inputs";

    /** The kind of a caution that no candidate is within the tolerance. */
    public static final String CANDIDATES_NOT_INVARIANT = "candidates-not-invariant";

    /** As {@link #CANDIDATES_NOT_INVARIANT}, of searches that a better optimiser could improve. */
    public static final String NOT_INVARIANT = "not-invariant";

    /** As {@link #NOT_INVARIANT}, of the best optimiser. */
    public static final String NOT_INVARIANT_THOUGH_THOROUGH = "not-invariant-though-thorough";

    /** The kind of a caution that no invariant input is accepted. */
    public static final String NONE_ACCEPTED = "none-accepted";

    /** The kind of a caution that biased CKA is inflated. */
    public static final String BIASED_BY_WIDTH = "biased-by-width";

    /** A sentence per kind. A name in braces stands for a fact, and a format may follow it. */
    private static final Map<String, String> SENTENCES = """
            no-interval: It has no confidence interval: most samples of inputs have the same value, and their parts do not show how often others have another.
            few-inputs-for-neighbours: It looks at {neighbours} others of each input, and has no confidence interval for fewer than {fewest_inputs} inputs.
            few-inputs-for-intervals: There are no confidence intervals for fewer than {fewest_inputs} inputs.
            dependent-positions: The {positions} positions of an input are not independent of each other: confidence intervals leave out whole inputs.
            padding-compared: {layer} ({shape}) does not have one row for each of the {positions} positions of padded inputs: the padding is therefore searched and compared as well.
            positions-assumed: {layer} ({shape}) has as many features as padded inputs have positions: its first dimension is assumed to be the {positions} positions; if they are its last, compare another layer.
            rows-exceed-memory: Some measures have no confidence intervals, because {rows} rows of {features_of_a} and {features_of_b} features need {megabytes%.0f} MB and the memory limit is {limit_in_megabytes%.0f} MB: use fewer inputs, or allow more memory.
            candidates-not-invariant: The mean residual is {mean_residual%.2f}, and none is within {tolerance}: these inputs are not invariant, so the score is uninformative; use more candidates, or search.
            not-invariant: The mean residual is {mean_residual%.2f}, and none is within {tolerance}: the searches have not converged, so the score is uninformative; search longer, or with the optimiser thorough.
            not-invariant-though-thorough: The mean residual is {mean_residual%.2f}, and none is within {tolerance}: the searches have not converged, so the score is uninformative; search longer, or from another seed.
            none-accepted: No invariant input is accepted: none has a residual below the threshold of {threshold%.2g} and the class that its input has (the mean residual is {mean_residual%.2g}); search longer, with a smaller tolerance, or from another seed.
            ignores-nothing: At {layer}, X' is within {distance_in_percent%.2g} % of X: there is no invariance to share, so a STIR near 1 is meaningless.
            near-inputs: X' lies within {near_in_percent%.0f} % of X: a target that ignores nothing could also score high; compare with an early layer of the target.
            kept-near-inputs: X' lies {distance_in_percent%.2g} % from X, and the search could not leave X (its seed, ball or candidates): this does not show whether the layer ignores anything.
            zero-units: At {layer}, {zeros} of {units} units are 0 for all {inputs} inputs examined, so a few units decide: also compare an earlier layer.
            few-directions: At {layer}, the variance of the {inputs} inputs examined lies in about {directions%.1f} directions (participation ratio), which decide: also compare an earlier layer.
            same-layer: Both networks are one layer of one file: STIR is the ceiling in both directions.
            matched-target: The search also matches the target {models}: STIR shows how well it was matched, not whether other networks ignore the same.
            changing-network: Repeated passes of {models} give different representations: the values are not reproducible.
            mixing-network: The representation of an input depends on the other inputs of its batch ({models}): the values depend on the batches.
            random-network: Passes of {models} draw random numbers: the values may not be reproducible.
            turned-into-grey: The inputs are in colour, and are converted to grey for models that take one channel: {models}.
            turned-into-colours: The inputs are grey, and are repeated for models that take three channels: {models}.
            resized: Inputs of {from} are resized to {to}, with no regard to their proportions, for {models}.
            resized-for-some: Inputs of {from} are resized to {to} for {models} and not for {others}, so these networks see other pictures. Networks of any size see the same once all inputs are resized.
            biased-by-width: Biased CKA is inflated with {inputs} inputs and up to {features} features: see linear-cka-debiased, or use more inputs.
            more-features-than-inputs: With {features} features and {inputs} inputs a linear map fits perfectly whatever the inputs are: use more inputs than features.
            shared-directions: With {features_of_a} and {features_of_b} features and {inputs} inputs, {correlations_of_one} of the {correlations} canonical correlations are 1 whatever the inputs are, and the others are inflated: use at least {enough_inputs} inputs, better several times as many.
            explained-by-chance: {features} features of independent representations explain {variance%.2f} of the variance for {inputs} inputs by chance: compare with that, or see ridge-predictivity.
            neighbours-are-half: With {inputs} inputs, {neighbours} neighbours are half of them or more and agree by chance: use more inputs or a smaller k.
            cycles-by-chance: With {inputs} inputs and {neighbours} neighbours, independent representations have about {value%.2f}: use more inputs or a smaller k.
            graphs-join-half: With {inputs} inputs, graphs of {neighbours} neighbours join half of them or more and are alike by chance: use more inputs or a smaller k.
            nearest-pairs-decide: With {inputs} inputs the few nearest pairs decide it, unless representations are of length 1: do not subtract two such values, or use {enough_inputs} inputs.
            random-batches: It is a mean over {batches} random batches of {batch_size} of the {inputs} inputs: another rng-seed changes the value, and another batch size changes its mean.
            """.lines()
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toUnmodifiableMap(line -> line[0], line -> line[1]));

    private static final Pattern FACT = Pattern.compile("\\{([a-z_]+)(%[^}]*)?}");

    /** The facts that are written before or after the sentence. */
    private static final Set<String> AROUND = Set.of(CautionFacts.DIRECTION, CautionFacts.CONVERGED_INPUTS);

    private CautionText() {}

    /** Returns the kinds that have a sentence of their own. */
    public static Set<String> kinds() {
        return SENTENCES.keySet();
    }

    /**
     * Returns a caution in words, beginning with the direction and the measure that it is about.
     */
    public static String of(Caution caution) {
        var text = new StringBuilder();
        var direction = caution.facts().get(CautionFacts.DIRECTION);
        if (direction instanceof String name) {
            text.append("STIR(").append(name).append("): ");
        }
        caution.measure().ifPresent(measure -> text.append(measure).append(": "));
        text.append(sentence(caution));
        var converged = caution.facts().get(CautionFacts.CONVERGED_INPUTS);
        if (converged != null) {
            text.append(" (This is of the ")
                    .append(converged.equals(1L) ? "one converged input" : converged + " converged inputs")
                    .append(" alone.)");
        }
        return text.toString();
    }

    private static String sentence(Caution caution) {
        var sentence = SENTENCES.get(caution.kind());
        return sentence == null ? unknown(caution) : FACT.matcher(sentence).replaceAll(match -> fact(caution, match));
    }

    private static String fact(Caution caution, MatchResult match) {
        var value = caution.facts().get(match.group(1));
        var format = match.group(2);
        return format != null && value instanceof Double
                ? String.format(Locale.ROOT, format, value)
                : Matcher.quoteReplacement(String.valueOf(value));
    }

    /** Returns the words of a plug-in's kind and its facts. */
    private static String unknown(Caution caution) {
        var facts = caution.facts().entrySet().stream()
                .filter(fact -> !AROUND.contains(fact.getKey()))
                .map(fact -> fact.getKey() + " " + fact.getValue())
                .collect(Collectors.joining(", "));
        return caution.kind().replace('-', ' ') + (facts.isEmpty() ? "." : " (%s).".formatted(facts));
    }

    /** A caution for programs and people: the value, and its words as {@code text}. */
    public record Document(@JsonUnwrapped Caution caution, String text) {}

    /** Returns the documents of cautions. */
    public static List<Document> document(List<Caution> cautions) {
        return cautions.stream()
                .map(caution -> new Document(caution, of(caution)))
                .toList();
    }
}
