package stir.backend.djl.exported;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import stir.api.support.NetworkGraph;
import stir.backend.djl.libtorch.AtenFunctions;

/** The operators of a program, by their effect on the tensors that depend on its inputs. */
final class ProgramOperators implements NetworkGraph<String> {
    /** The sizes of a kernel after those of the channels. */
    private static final int CHANNELS = 2;

    private static final Set<String> HARDTANH = Set.of("hardtanh", "hardtanh_");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?");

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

    @Override
    public Optional<Operator<String>> producer(String tensor) {
        return Optional.ofNullable(producers.get(tensor))
                .map(node -> new Operator<>(
                        kind(node), node.inputs().stream().filter(this::depends).toList()));
    }

    private Kind kind(GraphNode node) {
        var kind = HARDTANH.contains(node.function()) ? ofHardtanh(node) : AtenFunctions.of(node.function());
        return switch (kind) {
            case DENSE -> isDense(node) ? kind : Kind.OTHER;
            case CONVOLUTION -> isOfOnePixel(node) ? Kind.PIXEL_CONVOLUTION : kind;
            case POOLING -> dimensions(node).isPresent() ? Kind.MEAN : kind;
            default -> kind;
        };
    }

    private static Kind ofHardtanh(GraphNode node) {
        var low = node.arguments().size() > 2 ? node.arguments().get(1) : "";
        return NUMBER.matcher(low).matches() && Double.parseDouble(low) == 0 ? Kind.RELU6 : Kind.OTHER;
    }

    /** Returns the dimensions that an operator takes the mean of; empty if it does not. */
    private static Optional<String> dimensions(GraphNode node) {
        return node.arguments().size() < 2
                ? Optional.empty()
                : AtenFunctions.dimensions(node.function(), node.arguments().get(1));
    }

    /** Returns the dimensions that the operator of a mean is taken over. */
    String dimensions(String mean) {
        return node(mean).flatMap(ProgramOperators::dimensions).orElseThrow();
    }

    /** Returns the expression of a ReLU or ReLU6 that is applied to x. */
    String activation(GraphNode relu) {
        var arguments = new ArrayList<>(relu.arguments());
        arguments.set(0, "x");
        return "torch.%s(%s)".formatted(relu.function().replaceFirst("_$", ""), String.join(", ", arguments));
    }

    /** Returns whether a value depends on the program's inputs. */
    boolean depends(String value) {
        return producers.containsKey(value) || graph.inputs().contains(value);
    }

    /** Returns the operator that computes a tensor from the program's inputs. */
    Optional<GraphNode> node(String tensor) {
        return Optional.ofNullable(producers.get(tensor));
    }

    /** Returns a function that trains regardless of any mode; empty if there is none. */
    Optional<String> training() {
        return graph.nodes().stream()
                .filter(this::trains)
                .map(GraphNode::function)
                .findFirst();
    }

    private boolean trains(GraphNode node) {
        int mode = AtenFunctions.modeArgument(node.function());
        boolean ofBatch = !node.function().equals(AtenFunctions.NORMALISATION)
                || node.inputs().stream().limit(1).anyMatch(this::depends);
        return mode >= 0
                && mode < node.arguments().size()
                && node.arguments().get(mode).equals("True")
                && ofBatch;
    }

    private boolean isDense(GraphNode node) {
        int input = AtenFunctions.input(node.function());
        return node.inputs().size() > input
                && depends(node.inputs().get(input))
                && node.inputs().stream().filter(this::depends).count() == 1;
    }

    private boolean isOfOnePixel(GraphNode convolution) {
        var sizes = convolution.inputs().size() < 2
                ? List.<Optional<Integer>>of()
                : graph.sizesOf(convolution.inputs().get(1));
        return sizes.size() > CHANNELS && sizes.stream().skip(CHANNELS).allMatch(size -> size.equals(Optional.of(1)));
    }
}
