package stir.backend.djl.torchscript;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import stir.api.support.GraphAnalysis;
import stir.api.support.NetworkGraph;
import stir.backend.djl.libtorch.AtenFunctions;

/**
 * The functions that a network's source calls, as the graph of its values. A value is the call of a
 * function, wherever it is called, or a name whose value control flow decides.
 */
record ScriptOperators(ScriptNetwork network, ReachingDefinitions flow) implements NetworkGraph<SourceValue> {
    private static final Set<String> HARDTANH = Set.of("hardtanh", "hardtanh_");

    /** Names that are not variables. */
    private static final Set<String> CONSTANTS = Set.of("None", "True", "False", "CONSTANTS");

    /** The sizes of a kernel after those of the channels. */
    private static final int CHANNELS = 2;

    ScriptOperators(ScriptNetwork network) {
        this(network, network.flow());
    }

    @Override
    public Optional<Operator<SourceValue>> producer(SourceValue value) {
        var source = flow.source(value);
        return switch (source.expression().kind()) {
            case CALL -> Optional.of(new Operator<>(kind(source), inputs(source)));
            case NAME -> {
                var origins =
                        flow.definitions(source).stream().map(flow::source).toList();
                yield origins.isEmpty() ? Optional.empty() : Optional.of(new Operator<>(Kind.CHOICE, origins));
            }
            default -> Optional.empty();
        };
    }

    private Kind kind(SourceValue call) {
        var function = flow.function(call);
        var kind = HARDTANH.contains(function) ? ofHardtanh(call) : AtenFunctions.of(function);
        if (kind == Kind.POOLING && dimensions(call) != null) {
            return Kind.MEAN;
        }
        return kind == Kind.CONVOLUTION && isOfOnePixel(call) ? Kind.PIXEL_CONVOLUTION : kind;
    }

    private List<SourceValue> inputs(SourceValue call) {
        int first = AtenFunctions.input(flow.function(call));
        return IntStream.range(first, call.expression().items().size())
                .mapToObj(index -> ReachingDefinitions.argument(call, index))
                .filter(Objects::nonNull)
                .flatMap(this::elements)
                .map(flow::source)
                .filter(ScriptOperators::isVariable)
                .toList();
    }

    private static boolean isVariable(SourceValue value) {
        return switch (value.expression().kind()) {
            case CALL -> true;
            case NAME -> !CONSTANTS.contains(value.expression().text());
            default -> false;
        };
    }

    /** Returns the elements of a tuple, a list or a dictionary, or another value itself. */
    private Stream<SourceValue> elements(SourceValue value) {
        if (!flow.listsElements(value)) {
            return Stream.of(value);
        }
        var parts = value.expression().parts();
        int step = value.expression().text().equals("{") ? 2 : 1; // without its keys
        return IntStream.range(0, parts.size())
                .filter(i -> i % step == step - 1)
                .mapToObj(i -> parts.get(i).unwrapped())
                .map(part -> new SourceValue(value.frame(), value.line(), part));
    }

    /** Returns the name of the layer that is measured by default; empty if there is none. */
    Optional<String> defaultLayer() {
        var result = flow.result(network.frame());
        var analysis = new GraphAnalysis<>(this);
        return result == null
                ? Optional.empty()
                : analysis.measured(outputs(result).toList())
                        .flatMap(measured ->
                                analysis.name(measured.value(), this::module).or(() -> name(measured)));
    }

    private Stream<SourceValue> outputs(SourceValue result) {
        var source = flow.source(result);
        return flow.listsElements(source) ? elements(source).flatMap(this::outputs) : Stream.of(source);
    }

    /** Returns the name of a classifier's input: as its module's, or as a variable. */
    private Optional<String> name(GraphAnalysis.Measured<SourceValue> measured) {
        if (measured.classifier().isEmpty()) {
            return Optional.empty();
        }
        var call = measured.classifier().get();
        var frame = call.frame();
        var path = String.join(".", frame.path());
        var argument = ReachingDefinitions.argument(call, AtenFunctions.input(flow.function(call)));
        if (argument == null) {
            return Optional.empty();
        }
        var given = frame.argument(network.inputs().of(frame.method()));
        if (!path.isEmpty() && given != null && flow.source(given).equals(flow.source(argument))) {
            return Optional.of(path + "@in");
        }
        return argument.expression().kind() == Expression.Kind.NAME
                ? Optional.of(path + ":" + argument.expression().text())
                : Optional.empty();
    }

    /** Returns the outermost module whose last call returns a value. */
    private Optional<String> module(SourceValue value) {
        var name = Optional.<String>empty();
        var source = flow.source(value);
        for (var frame = source.frame(); frame.caller() != null; frame = outer(frame)) {
            var result = flow.result(frame);
            if (result == null || !flow.source(result).equals(source)) {
                break;
            }
            if (isLayer(frame)) {
                name = Optional.of(String.join(".", frame.path()));
            }
        }
        return name;
    }

    private static Frame outer(Frame frame) {
        return Objects.requireNonNull(frame.caller());
    }

    /** Returns whether a frame is the last call of a module that returns a tensor. */
    private boolean isLayer(Frame frame) {
        if (!frame.method().returns().equals("Tensor")
                || !network.isCalledForModules(frame.method())
                || frame.path().isEmpty()) {
            return false;
        }
        var chains = network.calls().chains(network.root(), network.forward(), frame.path());
        return !chains.isEmpty()
                && chains.get(chains.size() - 1).stream()
                        .map(MethodCalls.CallSite::call)
                        .toList()
                        .equals(frame.calls());
    }

    private boolean isOfOnePixel(SourceValue convolution) {
        var weight = network.weight(convolution.frame().path(), "weight");
        return weight != null
                && weight.sizes().size() > CHANNELS
                && weight.sizes().stream().skip(CHANNELS).allMatch(size -> size == 1);
    }

    /** Returns the dimensions that a call takes the mean of, as an expression; null if unknown. */
    @Nullable
    String dimensions(SourceValue call) {
        var argument = ReachingDefinitions.argument(call, 1);
        if (argument == null) {
            return null;
        }
        var option = flow.origin(argument);
        var span = option.expression().span();
        var text = option.statement().text().substring(span.start(), span.end());
        return AtenFunctions.dimensions(flow.function(call), text).orElse(null);
    }

    /** Returns the expression of a found ReLU or ReLU6 that is applied to x. */
    String activation(SourceValue relu) {
        var function = flow.function(relu);
        if (HARDTANH.contains(function)) {
            return "torch.hardtanh(x, %s, %s)".formatted(number(relu, 1), number(relu, 2));
        }
        return "torch.%s(x)".formatted(function.replaceFirst("_$", ""));
    }

    private static Kind ofHardtanh(SourceValue call) {
        var low = number(call, 1);
        return low == null || number(call, 2) == null || Double.parseDouble(low) != 0 ? Kind.OTHER : Kind.RELU6;
    }

    private static @Nullable String number(SourceValue call, int argument) {
        var value = ReachingDefinitions.argument(call, argument);
        return value != null && value.expression().kind() == Expression.Kind.NUMBER
                ? value.expression().text()
                : null;
    }
}
