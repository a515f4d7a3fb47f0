package stir.core.study.results;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The networks of a study that agree in some factors.
 *
 * @param values the values of the factors
 * @param networks the networks, in the order of the study
 */
record NetworkGroup(List<String> values, List<GroupedNetwork> networks) {
    /** Returns the groups of a factor; none if each network has its own. */
    static List<NetworkGroup> of(List<GroupedNetwork> networks, String factor) {
        var groups = of(networks, List.of(factor));
        return groups.stream().anyMatch(group -> group.size() > 1) ? groups : List.of();
    }

    /** Returns the groups of networks that agree in all the given factors. */
    static List<NetworkGroup> of(List<GroupedNetwork> networks, List<String> factors) {
        var members = networks.stream()
                .collect(Collectors.groupingBy(
                        network -> factors.stream().map(network.factors()::get).toList(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return members.entrySet().stream()
                .map(group -> new NetworkGroup(group.getKey(), group.getValue()))
                .toList();
    }

    int size() {
        return networks.size();
    }

    String name() {
        return String.join(" and ", values);
    }

    /** Returns the names of the networks. */
    List<String> names() {
        return networks.stream().map(GroupedNetwork::name).toList();
    }

    /** Returns the number of layers that each of its networks has. */
    int layers() {
        return networks.stream().mapToInt(one -> one.layers().size()).min().orElse(0);
    }

    /** Returns the name of a layer, or its position if the networks call it differently. */
    static String layer(int position, List<NetworkGroup> groups) {
        var names = groups.stream()
                .flatMap(group -> group.networks.stream())
                .map(network -> network.layers().get(position))
                .distinct()
                .toList();
        return names.size() == 1 ? names.get(0) : "layer " + (position + 1);
    }
}
