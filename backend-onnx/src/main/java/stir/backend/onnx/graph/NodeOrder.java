package stir.backend.onnx.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The topological order of nodes, which some tools do not keep in a file. */
final class NodeOrder {
    private final List<Node> nodes;
    private final Map<String, Integer> producers = new HashMap<>();
    private final List<List<Integer>> needed = new ArrayList<>();

    private NodeOrder(List<Node> nodes) {
        this.nodes = nodes;
        for (int i = 0; i < nodes.size(); i++) {
            for (var output : nodes.get(i).writes().toList()) {
                producers.putIfAbsent(output, i);
            }
        }
        for (var node : nodes) {
            needed.add(node.reads()
                    .filter(producers::containsKey)
                    .map(producers::get)
                    .toList());
        }
    }

    /**
     * Returns nodes so that each follows the nodes that compute its inputs; those that already do
     * keep their order.
     *
     * @throws OnnxFormatException if nodes need each other
     */
    static List<Node> of(List<Node> nodes) {
        var order = new NodeOrder(nodes);
        return order.holds() ? nodes : order.sorted();
    }

    private boolean holds() {
        for (int i = 0; i < nodes.size(); i++) {
            int position = i;
            if (needed.get(i).stream().anyMatch(producer -> producer >= position)) {
                return false;
            }
        }
        return true;
    }

    /** Visits each node after the nodes that it needs, without recursion. */
    private List<Node> sorted() {
        var sorted = new ArrayList<Node>();
        var begun = new boolean[nodes.size()];
        var done = new boolean[nodes.size()];
        var open = new ArrayDeque<Integer>();
        for (int i = 0; i < nodes.size(); i++) {
            open.push(i);
            while (!open.isEmpty()) {
                int node = open.peek();
                var missing =
                        needed.get(node).stream().filter(need -> !done[need]).toList();
                if (done[node] || missing.isEmpty()) {
                    open.pop();
                    if (!done[node]) {
                        sorted.add(nodes.get(node));
                        done[node] = true;
                    }
                } else if (begun[node]) {
                    throw new OnnxFormatException("its node %s depends on its own result".formatted(nodes.get(node)));
                } else {
                    begun[node] = true;
                    for (int last = missing.size() - 1; last >= 0; last--) {
                        open.push(missing.get(last));
                    }
                }
            }
        }
        return sorted;
    }
}
