package stir.core.study.results;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import stir.core.math.statistics.TwoFactorBootstrap.Term;
import stir.core.study.results.GroupDifference.Question;

/**
 * A question about groups as a sum of mean scores.
 *
 * @param factor the factor of the groups, or the first of two factors
 * @param group the name of the first group, or empty where whole factors are compared
 * @param other the name of the second group, or the other factor
 * @param groups the groups
 * @param terms the means, whose targets and references are all or none of the networks of a group
 */
record GroupContrast(
        Question question, String factor, String group, String other, List<NetworkGroup> groups, List<Term> terms) {
    /** Returns the contrasts of the groups of each factor, then of factors. */
    static List<GroupContrast> of(List<GroupedNetwork> networks, List<String> factors) {
        var contrasts = new ArrayList<GroupContrast>();
        for (var factor : factors) {
            var groups = NetworkGroup.of(networks, factor);
            for (int i = 0; i < groups.size(); i++) {
                for (int j = i + 1; j < groups.size(); j++) {
                    contrasts.addAll(ofGroups(factor, groups.get(i), groups.get(j)));
                }
            }
        }
        var sampled = factors.stream()
                .filter(factor -> NetworkGroup.of(networks, factor).size() > 1)
                .toList();
        for (int i = 0; i < sampled.size(); i++) {
            for (int j = i + 1; j < sampled.size(); j++) {
                contrasts.add(ofFactors(networks, sampled.get(i), sampled.get(j)));
            }
        }
        return contrasts;
    }

    private static List<GroupContrast> ofGroups(String factor, NetworkGroup group, NetworkGroup other) {
        return Stream.of(Question.WITHIN_BETWEEN, Question.WITHIN, Question.DIRECTION)
                .map(question -> new GroupContrast(
                        question,
                        factor,
                        group.name(),
                        other.name(),
                        List.of(group, other),
                        terms(question, group.names(), other.names())))
                .toList();
    }

    private static List<Term> terms(Question question, List<String> a, List<String> b) {
        return switch (question) {
            case WITHIN_BETWEEN ->
                List.of(new Term(a, a, 0.5), new Term(b, b, 0.5), new Term(a, b, -0.5), new Term(b, a, -0.5));
            case WITHIN -> List.of(new Term(a, a, 1), new Term(b, b, -1));
            case DIRECTION -> List.of(new Term(a, b, 1), new Term(b, a, -1));
            case FACTOR -> throw new IllegalArgumentException("Two groups have no effects");
        };
    }

    /** Returns the difference of the effects of two factors, by the groups of both together. */
    private static GroupContrast ofFactors(List<GroupedNetwork> networks, String factor, String other) {
        var groups = NetworkGroup.of(networks, List.of(factor, other));
        var terms = new ArrayList<>(effect(NetworkGroup.of(networks, factor), groups, 1));
        terms.addAll(effect(NetworkGroup.of(networks, other), groups, -1));
        return new GroupContrast(Question.FACTOR, factor, "", other, groups, terms);
    }

    /** Returns the mean within the groups of a factor minus that between them, by parts of them. */
    private static List<Term> effect(List<NetworkGroup> groups, List<NetworkGroup> parts, double weight) {
        int count = groups.size();
        var terms = new ArrayList<Term>();
        for (var target : groups) {
            for (var reference : groups) {
                double share = target.equals(reference) ? weight / count : -weight / (count * (count - 1.0));
                for (var part : parts) {
                    for (var otherPart : parts) {
                        if (target.networks().containsAll(part.networks())
                                && reference.networks().containsAll(otherPart.networks())) {
                            terms.add(new Term(
                                    part.names(),
                                    otherPart.names(),
                                    share * pairs(part, otherPart) / pairs(target, reference)));
                        }
                    }
                }
            }
        }
        return terms;
    }

    private static double pairs(NetworkGroup targets, NetworkGroup references) {
        int size = targets.size();
        return targets.equals(references) ? size * (size - 1.0) : size * (double) references.size();
    }
}
