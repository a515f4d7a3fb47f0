package stir.core.study.results;

import org.jspecify.annotations.Nullable;

import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.TwoFactorBootstrap;
import stir.core.math.statistics.TwoFactorBootstrap.Term;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;
import stir.core.study.results.GroupDifference.Question;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements about groups by one measure, of one repeat of a search. */
final class GroupStatistics {
    private final Map<String, GroupedNetwork> networks = new LinkedHashMap<>();
    private final Map<PlannedPair, Estimate> estimates = new HashMap<>();
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
    GroupStatistics(
            List<GroupedNetwork> networks,
            List<DirectedScore> scores,
            String measure,
            Scale scale) {
        networks.forEach(network -> this.networks.put(network.name(), network));
        for (var score : scores) {
            if (!score.search().ignoresNothing()) {
                estimates.put(PlannedPair.of(score), score.stir(measure));
            }
        }
        this.measure = measure;
        this.scale = scale;
        this.search = scores.get(0).search().name();
        this.repeat = scores.get(0).search().repeat();
    }

    /** A group: its name, and the names of its networks. */
    private record Group(String name, List<String> networks) {
        String count() {
            int size = networks.size();
            return "%d network%s of %s".formatted(size, size == 1 ? "" : "s", name);
        }
    }

    private List<String> factors() {
        return List.copyOf(networks.values().iterator().next().factors().keySet());
    }

    /** Returns the groups of a factor; none if each network has its own. */
    private List<Group> groups(String factor) {
        var groups = groups(List.of(factor));
        return groups.stream().anyMatch(group -> group.networks.size() > 1) ? groups : List.of();
    }

    /** Returns the groups of networks that agree in some factors. */
    private List<Group> groups(List<String> factors) {
        var members =
                networks.values().stream()
                        .collect(
                                Collectors.groupingBy(
                                        network ->
                                                factors.stream()
                                                        .map(network.factors()::get)
                                                        .collect(Collectors.joining(" and ")),
                                        LinkedHashMap::new,
                                        Collectors.mapping(
                                                GroupedNetwork::name, Collectors.toList())));
        var groups = new ArrayList<Group>();
        members.forEach((name, all) -> groups.add(new Group(name, all)));
        return groups;
    }

    /** A position of the targets' layers and one of the references'. */
    private final class Layers {
        private final int target;
        private final int reference;

        Layers(int target, int reference) {
            this.target = target;
            this.reference = reference;
        }

        @Nullable Estimate estimate(String target, String reference) {
            return estimates.get(
                    new PlannedPair(
                            network(reference).at(this.reference),
                            network(target).at(this.target)));
        }

        Replicates replicates(String target, String reference) {
            return Objects.requireNonNull(estimate(target, reference)).groups().orElseThrow();
        }
    }

    private GroupedNetwork network(String name) {
        return Objects.requireNonNull(networks.get(name), name);
    }

    private int layers(Group group) {
        return group.networks.stream()
                .mapToInt(name -> network(name).layers().size())
                .min()
                .orElse(0);
    }

    /** Returns the name of a layer, or its position if the networks call it differently. */
    private String label(int position, Group... groups) {
        var names =
                List.of(groups).stream()
                        .flatMap(group -> group.networks.stream())
                        .map(name -> network(name).layers().get(position))
                        .distinct()
                        .toList();
        return names.size() == 1 ? names.get(0) : "layer " + (position + 1);
    }

    /** Returns the mean STIR of each pair of groups of each factor. */
    List<GroupScore> scores() {
        var scores = new ArrayList<GroupScore>();
        for (var factor : factors()) {
            var groups = groups(factor);
            for (var target : groups) {
                for (var reference : groups) {
                    for (int i = 0; i < layers(target); i++) {
                        for (int j = 0; j < layers(reference); j++) {
                            score(factor, target, reference, new Layers(i, j))
                                    .ifPresent(scores::add);
                        }
                    }
                }
            }
        }
        return scores;
    }

    /** Returns a mean; empty if none of its scores was planned. */
    private Optional<GroupScore> score(
            String factor, Group target, Group reference, Layers layers) {
        var terms = List.of(new Term(target.networks, reference.networks, 1));
        var found = found(terms, layers);
        boolean isAlone = found.planned == 0 && layers.target == layers.reference;
        if (found.defined == 0 && !isAlone) {
            return Optional.empty();
        }
        var obstacle = obstacle(terms, List.of(target, reference), layers);
        Estimate estimate;
        if (obstacle.isEmpty()) {
            estimate = bootstrap(terms, layers).estimate(scale);
        } else if (found.defined == found.planned && !isAlone) {
            estimate = Estimate.of(found.sum / found.planned);
        } else {
            estimate = Estimate.undefined(obstacle.get());
        }
        return Optional.of(
                new GroupScore(
                        measure,
                        search,
                        repeat,
                        factor,
                        target.name,
                        label(layers.target, target),
                        target.networks.size(),
                        reference.name,
                        label(layers.reference, reference),
                        reference.networks.size(),
                        estimate,
                        obstacle));
    }

    private static TwoFactorBootstrap bootstrap(List<Term> terms, Layers layers) {
        return TwoFactorBootstrap.of(terms, layers::replicates).orElseThrow();
    }

    /** The number of scores of some terms, of those that are defined, and their sum. */
    private record Found(int planned, int defined, double sum) {}

    private static Found found(List<Term> terms, Layers layers) {
        int planned = 0;
        int defined = 0;
        double sum = 0;
        for (var term : terms) {
            for (var target : term.targets()) {
                for (var reference : term.references()) {
                    if (target.equals(reference)) {
                        continue;
                    }
                    planned++;
                    var estimate = layers.estimate(target, reference);
                    if (estimate != null && estimate.isDefined()) {
                        defined++;
                        sum += estimate.value().getAsDouble();
                    }
                }
            }
        }
        return new Found(planned, defined, sum);
    }

    /** Returns the reason why a sum of means has no interval; empty if it has one. */
    private static Optional<String> obstacle(List<Term> terms, List<Group> groups, Layers layers) {
        for (var term : terms) {
            boolean isWithin = term.targets().equals(term.references());
            int fewest =
                    isWithin ? TwoFactorBootstrap.FEWEST_WITHIN : TwoFactorBootstrap.FEWEST_BETWEEN;
            for (var group : groups) {
                boolean isOfTerm =
                        group.networks.equals(term.targets())
                                || group.networks.equals(term.references());
                if (isOfTerm && group.networks.size() < fewest) {
                    return Optional.of("%s: an interval needs %d".formatted(group.count(), fewest));
                }
            }
        }
        var found = found(terms, layers);
        if (found.defined < found.planned) {
            return Optional.of(
                    "%d of %d scores are missing, undefined, or of a reference that ignores nothing"
                            .formatted(found.planned - found.defined, found.planned));
        }
        return haveSameParts(terms, layers)
                ? Optional.empty()
                : Optional.of("the scores have no intervals over the same parts of the inputs");
    }

    private static boolean haveSameParts(List<Term> terms, Layers layers) {
        Replicates first = null;
        for (var term : terms) {
            for (var target : term.targets()) {
                for (var reference : term.references()) {
                    if (target.equals(reference)) {
                        continue;
                    }
                    var estimate = layers.estimate(target, reference);
                    if (estimate == null || estimate.groups().isEmpty()) {
                        return false;
                    }
                    var replicates = estimate.groups().get();
                    first = first == null ? replicates : first;
                    if (!first.hasPartsOf(replicates)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Returns the differences of groups of each factor, then of factors. */
    List<GroupDifference> differences() {
        var differences = new ArrayList<GroupDifference>();
        for (var factor : factors()) {
            var groups = groups(factor);
            for (int i = 0; i < groups.size(); i++) {
                for (int j = i + 1; j < groups.size(); j++) {
                    differences.addAll(differences(factor, groups.get(i), groups.get(j)));
                }
            }
        }
        var factors = factors().stream().filter(factor -> groups(factor).size() > 1).toList();
        for (int i = 0; i < factors.size(); i++) {
            for (int j = i + 1; j < factors.size(); j++) {
                differences.addAll(ofFactors(factors.get(i), factors.get(j)));
            }
        }
        return differences;
    }

    private List<GroupDifference> differences(String factor, Group group, Group other) {
        var a = group.networks;
        var b = other.networks;
        var sums =
                Map.of(
                        Question.WITHIN_BETWEEN,
                        List.of(
                                new Term(a, a, 0.5),
                                new Term(b, b, 0.5),
                                new Term(a, b, -0.5),
                                new Term(b, a, -0.5)),
                        Question.WITHIN,
                        List.of(new Term(a, a, 1), new Term(b, b, -1)),
                        Question.DIRECTION,
                        List.of(new Term(a, b, 1), new Term(b, a, -1)));
        var differences = new ArrayList<GroupDifference>();
        for (var question : Question.values()) {
            var terms = sums.get(question);
            if (terms != null) {
                differences.addAll(
                        ofEachLayer(
                                question,
                                factor,
                                List.of(group, other),
                                terms,
                                group.name,
                                other.name));
            }
        }
        return differences;
    }

    /** Returns the differences of the effects of two factors, by the groups of both together. */
    private List<GroupDifference> ofFactors(String factor, String other) {
        var groups = groups(List.of(factor, other));
        var terms = new ArrayList<>(effect(factor, groups, 1));
        terms.addAll(effect(other, groups, -1));
        return ofEachLayer(Question.FACTOR, factor, groups, terms, "", other);
    }

    /** Returns the mean within the groups of a factor minus that between them, by parts of them. */
    private List<Term> effect(String factor, List<Group> parts, double weight) {
        var groups = groups(factor);
        int count = groups.size();
        var terms = new ArrayList<Term>();
        for (var target : groups) {
            for (var reference : groups) {
                double share =
                        target.equals(reference)
                                ? weight / count
                                : -weight / (count * (count - 1.0));
                double pairs = pairs(target.networks, reference.networks);
                for (var part : parts) {
                    for (var otherPart : parts) {
                        if (target.networks.containsAll(part.networks)
                                && reference.networks.containsAll(otherPart.networks)) {
                            double ofParts = pairs(part.networks, otherPart.networks);
                            terms.add(
                                    new Term(
                                            part.networks,
                                            otherPart.networks,
                                            share * ofParts / pairs));
                        }
                    }
                }
            }
        }
        return terms;
    }

    private static double pairs(List<String> targets, List<String> references) {
        int size = targets.size();
        return targets.equals(references) ? size * (size - 1.0) : size * (double) references.size();
    }

    private List<GroupDifference> ofEachLayer(
            Question question,
            String factor,
            List<Group> groups,
            List<Term> terms,
            String name,
            String other) {
        int count = groups.stream().mapToInt(this::layers).min().orElse(0);
        var all = groups.toArray(Group[]::new);
        var differences = new ArrayList<GroupDifference>();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                var layers = new Layers(i, j);
                if (found(terms, layers).defined == 0) {
                    continue;
                }
                var obstacle = obstacle(terms, groups, layers);
                Optional<Difference> difference =
                        obstacle.isPresent()
                                ? Optional.empty()
                                : Optional.of(bootstrap(terms, layers).difference(scale));
                differences.add(
                        new GroupDifference(
                                question,
                                measure,
                                search,
                                repeat,
                                factor,
                                name,
                                other,
                                label(i, all),
                                label(j, all),
                                difference,
                                question == Question.WITHIN_BETWEEN
                                        ? Optional.of(GroupVerdict.UNKNOWN)
                                        : Optional.empty(),
                                obstacle));
            }
        }
        return differences;
    }
}
