package stir.backend.djl.exported;

import stir.api.support.NetworkGraph;
import stir.backend.djl.libtorch.AtenKinds;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the operators of a program do to the tensors that depend on its inputs. */
final class ProgramOperators implements NetworkGraph<String> {
    /** The sizes of a kernel after those of the channels. */
    private static final int CHANNELS = 2;

    private final ProgramGraph graph;
    private final Map<String, GraphNode> producers = new HashMap<>();

    ProgramOperators(ProgramGraph graph) {
        this.graph = graph;
        for (var node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(this::depends)) {
                node.tensors().forEach(tensor -> producers.put(tensor, node));
            }
        }
    }

    private boolean depends(String value) {
        return producers.containsKey(value) || graph.inputs().contains(value);
    }

    @Override
    public Optional<Operator<String>> producer(String tensor) {
        return Optional.ofNullable(producers.get(tensor))
                .map(
                        node ->
                                new Operator<>(
                                        kind(node),
                                        node.inputs().stream().filter(this::depends).toList()));
    }

    private Kind kind(GraphNode node) {
        var kind = AtenKinds.of(node.function());
        return switch (kind) {
            case DENSE -> isDense(node) ? kind : Kind.OTHER;
            case CONVOLUTION -> isOfOnePixel(node) ? Kind.PIXEL_CONVOLUTION : kind;
            default -> kind;
        };
    }

    private boolean isDense(GraphNode node) {
        int input = AtenKinds.input(node.function());
        return node.inputs().size() > input
                && depends(node.inputs().get(input))
                && node.inputs().stream().filter(this::depends).count() == 1;
    }

    private boolean isOfOnePixel(GraphNode convolution) {
        var sizes =
                convolution.inputs().size() < 2
                        ? List.<Optional<Integer>>of()
                        : graph.sizesOf(convolution.inputs().get(1));
        return sizes.size() > CHANNELS
                && sizes.stream().skip(CHANNELS).allMatch(size -> size.equals(Optional.of(1)));
    }
}
