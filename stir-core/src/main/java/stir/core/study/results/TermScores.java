package stir.core.study.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.TwoFactorBootstrap;
import stir.core.math.statistics.TwoFactorBootstrap.Term;

/** The scores of a sum of means, at one layer of the targets and one of the references. */
final class TermScores {
    private final List<Term> terms;
    private final BiFunction<String, String, Optional<Estimate>> score;
    private final List<Optional<Estimate>> all = new ArrayList<>();

    /**
     * Reads the scores.
     *
     * @param score the score of a target given a reference; empty if it is missing
     */
    TermScores(List<Term> terms, BiFunction<String, String, Optional<Estimate>> score) {
        this.terms = terms;
        this.score = score;
        for (var term : terms) {
            for (var target : term.targets()) {
                for (var reference : term.references()) {
                    if (!target.equals(reference)) {
                        all.add(score.apply(target, reference).filter(Estimate::isDefined));
                    }
                }
            }
        }
    }

    int planned() {
        return all.size();
    }

    int defined() {
        return (int) all.stream().filter(Optional::isPresent).count();
    }

    /** Returns the mean of all scores, if all are defined. */
    double mean() {
        double sum = 0;
        for (var estimate : all) {
            sum += estimate.orElseThrow().value().getAsDouble();
        }
        return sum / planned();
    }

    /**
     * Returns the reason why the sum has no interval; empty if it has one.
     *
     * @param groups the groups of the terms
     */
    Optional<String> obstacle(List<NetworkGroup> groups) {
        for (var term : terms) {
            boolean isWithin = term.targets().equals(term.references());
            int fewest = isWithin ? TwoFactorBootstrap.FEWEST_WITHIN : TwoFactorBootstrap.FEWEST_BETWEEN;
            for (var group : groups) {
                var names = group.names();
                int size = names.size();
                boolean isOfTerm = names.equals(term.targets()) || names.equals(term.references());
                if (isOfTerm && size < fewest) {
                    return Optional.of("%d network%s of %s: an interval needs %d"
                            .formatted(size, size == 1 ? "" : "s", group.name(), fewest));
                }
            }
        }
        if (defined() < planned()) {
            return Optional.of("%d of %d scores are missing, undefined, or of a reference that ignores nothing"
                    .formatted(planned() - defined(), planned()));
        }
        var replicates = all.stream().map(one -> one.flatMap(Estimate::groups)).toList();
        boolean haveSameParts = replicates.stream()
                .allMatch(one -> one.isPresent() && first(replicates).hasPartsOf(one.get()));
        return haveSameParts
                ? Optional.empty()
                : Optional.of("the scores have no intervals over the same parts of the inputs");
    }

    private static Replicates first(List<Optional<Replicates>> replicates) {
        return replicates.get(0).orElseThrow();
    }

    /** Returns the sum with its standard error, where there is no {@linkplain #obstacle}. */
    TwoFactorBootstrap bootstrap() {
        return TwoFactorBootstrap.of(
                        terms,
                        (target, reference) -> score.apply(target, reference)
                                .flatMap(Estimate::groups)
                                .orElseThrow())
                .orElseThrow();
    }
}
