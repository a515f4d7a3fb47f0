package stir.core.study.results;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.TwoFactorBootstrap.Term;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;
import stir.core.study.results.GroupDifference.Question;

/** The statements about groups by one measure, of one repeat of a search. */
final class GroupStatistics {
    private final Map<String, GroupedNetwork> networks = new LinkedHashMap<>();
    private final Map<PlannedPair, DirectedScore> scores = new HashMap<>();
    private final String measure;
    private final Scale scale;
    private final String search;
    private final int repeat;

    /**
     * Creates the statistics.
     *
     * @param networks the networks that are in groups, all of the same factors
     * @param scores the scores of one repeat of a search; at least one
     */
    GroupStatistics(List<GroupedNetwork> networks, List<DirectedScore> scores, String measure, Scale scale) {
        networks.forEach(network -> this.networks.put(network.name(), network));
        scores.forEach(score -> this.scores.put(PlannedPair.of(score), score));
        this.measure = measure;
        this.scale = scale;
        this.search = scores.get(0).search().name();
        this.repeat = scores.get(0).search().repeat();
    }

    private List<GroupedNetwork> all() {
        return List.copyOf(networks.values());
    }

    private List<String> factors() {
        return List.copyOf(all().get(0).factors().keySet());
    }

    /** Returns the scores of terms at positions of the targets' and of the references' layers. */
    private TermScores scores(List<Term> terms, int targetLayer, int referenceLayer) {
        BiFunction<String, String, Optional<DirectedScore>> score =
                (target, reference) -> Optional.ofNullable(scores.get(new PlannedPair(
                        network(reference).at(referenceLayer), network(target).at(targetLayer))));
        return new TermScores(
                terms,
                (target, reference) -> score.apply(target, reference)
                        .filter(one -> !one.isLeftOut() && !one.search().ignoresNothing())
                        .map(one -> one.stir(measure)),
                (target, reference) -> score.apply(target, reference)
                        .filter(DirectedScore::isLeftOut)
                        .isPresent());
    }

    /** Returns whether there is any score of a target given a reference at these layers. */
    private boolean isComputed(List<Term> terms, int targetLayer, int referenceLayer) {
        return terms.stream()
                .anyMatch(term -> term.targets().stream()
                        .anyMatch(target -> term.references().stream()
                                .filter(reference -> !reference.equals(target))
                                .anyMatch(reference -> scores.containsKey(new PlannedPair(
                                        network(reference).at(referenceLayer),
                                        network(target).at(targetLayer))))));
    }

    private GroupedNetwork network(String name) {
        return Objects.requireNonNull(networks.get(name), name);
    }

    /** Returns the mean STIR of each pair of groups of each factor. */
    List<GroupScore> scores() {
        var scores = new ArrayList<GroupScore>();
        for (var factor : factors()) {
            var groups = NetworkGroup.of(all(), factor);
            for (var target : groups) {
                for (var reference : groups) {
                    for (int i = 0; i < target.layers(); i++) {
                        for (int j = 0; j < reference.layers(); j++) {
                            score(factor, target, i, reference, j).ifPresent(scores::add);
                        }
                    }
                }
            }
        }
        return scores;
    }

    /** Returns a mean; empty if none of its scores was planned. */
    private Optional<GroupScore> score(
            String factor, NetworkGroup target, int targetLayer, NetworkGroup reference, int referenceLayer) {
        var term = new Term(target.names(), reference.names(), 1);
        var scores = scores(List.of(term), targetLayer, referenceLayer);
        boolean isAlone = scores.counts().scores() == 0 && targetLayer == referenceLayer;
        if (!isAlone && !isComputed(List.of(term), targetLayer, referenceLayer)) {
            return Optional.empty();
        }
        var obstacle = scores.obstacle(List.of(target, reference));
        Estimate estimate;
        if (obstacle.isEmpty()) {
            estimate = scores.bootstrap().estimate(scale);
        } else if (scores.counts().used() == scores.counts().scores() && !isAlone) {
            estimate = Estimate.of(scores.mean());
        } else {
            estimate = Estimate.undefined(obstacle.get());
        }
        return Optional.of(new GroupScore(
                measure,
                search,
                repeat,
                factor,
                target.name(),
                NetworkGroup.layer(targetLayer, List.of(target)),
                target.size(),
                reference.name(),
                NetworkGroup.layer(referenceLayer, List.of(reference)),
                reference.size(),
                scores.counts(),
                estimate,
                obstacle));
    }

    /** Returns the differences of groups of each factor, then of factors. */
    List<GroupDifference> differences() {
        var differences = new ArrayList<GroupDifference>();
        for (var contrast : GroupContrast.of(all(), factors())) {
            var groups = contrast.groups();
            int layers = groups.stream().mapToInt(NetworkGroup::layers).min().orElse(0);
            for (int i = 0; i < layers; i++) {
                for (int j = 0; j < layers; j++) {
                    var scores = scores(contrast.terms(), i, j);
                    if (isComputed(contrast.terms(), i, j)) {
                        differences.add(difference(
                                contrast, NetworkGroup.layer(i, groups), NetworkGroup.layer(j, groups), scores));
                    }
                }
            }
        }
        return differences;
    }

    private GroupDifference difference(
            GroupContrast contrast, String targetLayer, String referenceLayer, TermScores scores) {
        var obstacle = scores.obstacle(contrast.groups());
        return new GroupDifference(
                contrast.question(),
                measure,
                search,
                repeat,
                contrast.factor(),
                contrast.group(),
                contrast.other(),
                targetLayer,
                referenceLayer,
                scores.counts(),
                obstacle.isPresent()
                        ? Optional.empty()
                        : Optional.of(scores.bootstrap().difference(scale)),
                Optional.of(GroupVerdict.UNKNOWN).filter(unused -> contrast.question() == Question.WITHIN_BETWEEN),
                obstacle);
    }
}
