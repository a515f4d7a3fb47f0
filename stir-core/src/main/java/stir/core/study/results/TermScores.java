package stir.core.study.results;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.TwoFactorBootstrap;
import stir.core.math.statistics.TwoFactorBootstrap.Term;

/**
 * The scores of a sum of means, at one layer of the targets and one of the references. Where scores
 * are left out, whole networks are, first those with most of them, until each target that is left
 * has a score given each reference.
 */
final class TermScores {
    private final List<Term> given;
    private final List<Term> terms = new ArrayList<>();
    private final BiFunction<String, String, Optional<Estimate>> score;
    private final Set<String> left;
    private final ScoreCounts counts;
    private final List<Optional<Estimate>> all = new ArrayList<>();

    /** The score of a pair of networks. */
    private record Pair(String target, String reference) {}

    /**
     * Reads the scores.
     *
     * @param score the score of a target given a reference; empty if it is missing or left out
     * @param isInconclusive whether a score is left out as inconclusive
     */
    TermScores(
            List<Term> terms,
            BiFunction<String, String, Optional<Estimate>> score,
            BiPredicate<String, String> isInconclusive) {
        this.given = terms;
        this.score = (target, reference) -> score.apply(target, reference).filter(Estimate::isDefined);
        var pairs = pairs(terms);
        this.left = left(pairs);
        for (var term : terms) {
            this.terms.add(new Term(left(term.targets()), left(term.references()), term.weight()));
        }
        var used = pairs(this.terms);
        used.forEach(pair -> all.add(this.score.apply(pair.target, pair.reference)));
        long inconclusive = pairs.stream()
                .filter(pair -> isInconclusive.test(pair.target, pair.reference))
                .count();
        this.counts = new ScoreCounts(pairs.size(), (int) inconclusive, used.size());
    }

    private static Set<Pair> pairs(List<Term> terms) {
        var pairs = new LinkedHashSet<Pair>();
        for (var term : terms) {
            for (var target : term.targets()) {
                for (var reference : term.references()) {
                    if (!target.equals(reference)) {
                        pairs.add(new Pair(target, reference));
                    }
                }
            }
        }
        return pairs;
    }

    private List<String> left(List<String> names) {
        return names.stream().filter(left::contains).toList();
    }

    /** Returns the networks all of whose pairs have scores. */
    private Set<String> left(Set<Pair> pairs) {
        var names = new LinkedHashSet<String>();
        pairs.forEach(pair -> names.addAll(List.of(pair.target, pair.reference)));
        var missing = new ArrayList<>(pairs);
        missing.removeIf(pair -> score.apply(pair.target, pair.reference).isPresent());
        while (!missing.isEmpty()) {
            var number = new LinkedHashMap<String, Integer>();
            for (var pair : missing) {
                number.merge(pair.target, 1, Integer::sum);
                number.merge(pair.reference, 1, Integer::sum);
            }
            int most = Collections.max(number.values());
            var last = names.stream()
                    .filter(name -> number.getOrDefault(name, 0) == most)
                    .reduce("", (before, name) -> name);
            names.remove(last);
            missing.removeIf(pair -> pair.target.equals(last) || pair.reference.equals(last));
        }
        return names;
    }

    ScoreCounts counts() {
        return counts;
    }

    /** Returns the mean of all scores that are used. */
    double mean() {
        double sum = 0;
        for (var estimate : all) {
            sum += estimate.orElseThrow().value().getAsDouble();
        }
        return sum / all.size();
    }

    /**
     * Returns the reason why the sum has no interval; empty if it has one.
     *
     * @param groups the groups of the terms
     */
    Optional<String> obstacle(List<NetworkGroup> groups) {
        for (var term : given) {
            boolean isWithin = term.targets().equals(term.references());
            int fewest = isWithin ? TwoFactorBootstrap.FEWEST_WITHIN : TwoFactorBootstrap.FEWEST_BETWEEN;
            for (var group : groups) {
                var names = group.names();
                boolean isOfTerm = names.equals(term.targets()) || names.equals(term.references());
                if (isOfTerm && names.size() < fewest) {
                    return Optional.of("%d network%s of %s: an interval needs %d"
                            .formatted(names.size(), names.size() == 1 ? "" : "s", group.name(), fewest));
                }
                int size = left(names).size();
                if (isOfTerm && size < fewest) {
                    return Optional.of(
                            "%d of %d scores are inconclusive, missing or of a reference that ignores nothing; without them %d of %d networks of %s are left: an interval needs %d"
                                    .formatted(lacking(), counts.scores(), size, names.size(), group.name(), fewest));
                }
            }
        }
        var replicates = all.stream().map(one -> one.flatMap(Estimate::groups)).toList();
        boolean haveSameParts = replicates.stream()
                .allMatch(one -> one.isPresent() && first(replicates).hasPartsOf(one.get()));
        return haveSameParts
                ? Optional.empty()
                : Optional.of("the scores have no intervals over the same parts of the inputs");
    }

    /** Returns the number of scores that are missing or left out. */
    private long lacking() {
        return pairs(given).stream()
                .filter(pair -> score.apply(pair.target, pair.reference).isEmpty())
                .count();
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
