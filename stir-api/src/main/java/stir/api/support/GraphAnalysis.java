package stir.api.support;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import stir.api.Experimental;
import stir.api.FakeRelu;
import stir.api.support.NetworkGraph.Kind;
import stir.api.support.NetworkGraph.Operator;

/**
 * The analysis of a network's graph, one for all formats: the value that is measured by default,
 * and the ReLU that passes gradients.
 *
 * @since 0.1.0
 */
@Experimental
public record GraphAnalysis<V>(NetworkGraph<V> graph) {
    private static final Set<Kind> IN_ORDER = EnumSet.of(Kind.IDENTITY, Kind.RESHAPE);
    private static final Set<Kind> LINEAR = EnumSet.of(Kind.IDENTITY, Kind.RESHAPE, Kind.BIAS);
    private static final Set<Kind> KEEPING = EnumSet.of(Kind.IDENTITY, Kind.RESHAPE, Kind.TRANSPOSITION);
    private static final Set<Kind> POOLING =
            EnumSet.of(Kind.IDENTITY, Kind.RESHAPE, Kind.TRANSPOSITION, Kind.MEAN, Kind.POOLING);

    /**
     * The value that is measured by default.
     *
     * @param value the input of the classifier, or the output of a network without one
     * @param classifier the value that the classifier computes from it, if there is one
     */
    @Experimental
    public record Measured<V>(V value, Optional<V> classifier) {}

    /**
     * A ReLU that passes gradients.
     *
     * @param value the ReLU's output
     * @param share the share of the gradients that it would block and passes
     * @param mean the mean over all positions that reads it, for {@link FakeRelu#EXTENDED}; empty
     *     for a ReLU whose values stay the same
     */
    @Experimental
    public record OpenRelu<V>(V value, float share, Optional<V> mean) {}

    /**
     * Returns the value that is measured by default: the input of the classifier that computes the
     * outputs, or the output of a network that ends with a hidden layer. A classifier is a dense
     * layer that only functions of single values follow, or a convolution that only activations and
     * pooling follow and that has a kernel of one pixel or precedes probabilities; several may be
     * added, averaged or joined. Empty if classifiers differ in what they receive, if the
     * classifier receives the network's own input, or if the network ends in another way.
     *
     * <p>If a classifier receives the classes of another one, as in a network that was trained on
     * the classes of another, that one is taken: a convolution of one pixel of pooled maps.
     *
     * @param outputs the network's outputs, some of which may not be classes
     */
    public Optional<Measured<V>> measured(Collection<V> outputs) {
        var classifiers = new LinkedHashMap<V, V>();
        outputs.forEach(output -> classifiers(output).forEach(classifiers::putIfAbsent));
        if (classifiers.isEmpty()) {
            return outputs.stream()
                    .findFirst()
                    .filter(output -> outputs.size() == 1 && isHidden(output))
                    .map(output -> new Measured<>(output, Optional.empty()));
        }
        return classifiers.entrySet().stream()
                .findFirst()
                .filter(only ->
                        classifiers.size() == 1 && graph.producer(only.getKey()).isPresent())
                .map(only -> first(new Measured<>(only.getKey(), Optional.of(only.getValue()))));
    }

    /** Returns the classifier whose classes a classifier receives; otherwise the same one. */
    private Measured<V> first(Measured<V> classifier) {
        var classes = before(classifier.value(), LINEAR);
        return operator(classes)
                .filter(operator -> operator.kind() == Kind.PIXEL_CONVOLUTION)
                .map(convolution -> source(convolution.inputs().get(0)))
                .filter(this::isPooled)
                .map(pooled -> new Measured<>(pooled, Optional.of(classes)))
                .orElse(classifier);
    }

    private boolean isPooled(V value) {
        var source = before(value, IN_ORDER);
        return is(source, Kind.MEAN) || is(source, Kind.POOLING);
    }

    /**
     * A value that is followed backwards to classifiers.
     *
     * @param pooled whether it is pooled later
     * @param likely whether it is turned into probabilities later
     * @param combined whether it is combined with others later
     */
    private record Followed<V>(V value, boolean pooled, boolean likely, boolean combined) {}

    /**
     * Returns the classifiers that compute a value, by their inputs; none if other operators also
     * compute it.
     */
    private Map<V, V> classifiers(V value) {
        return classifiers(new Followed<>(value, false, false, false), new HashMap<>());
    }

    /**
     * @param known the results so far: paths that meet repeatedly are followed once
     */
    private Map<V, V> classifiers(Followed<V> from, Map<Followed<V>, Map<V, V>> known) {
        var classifiers = known.get(from);
        if (classifiers == null) {
            classifiers = follow(from, known);
            known.put(from, classifiers);
        }
        return classifiers;
    }

    private Map<V, V> follow(Followed<V> from, Map<Followed<V>, Map<V, V>> known) {
        var current = from.value();
        boolean pooled = from.pooled();
        boolean likely = from.likely();
        for (var next = operator(current); next.isPresent(); next = operator(current)) {
            var inputs = next.get().inputs();
            switch (next.get().kind()) {
                case IDENTITY, RESHAPE, TRANSPOSITION, BIAS -> {}
                case RELU, MEAN, POOLING -> pooled = true;
                case PROBABILITIES -> likely = true;
                case DENSE -> {
                    return pooled ? Map.of() : Map.of(source(inputs.get(0)), current);
                }
                case PIXEL_CONVOLUTION -> {
                    return Map.of(source(inputs.get(0)), current);
                }
                case CONVOLUTION -> {
                    return likely ? Map.of(source(inputs.get(0)), current) : Map.of();
                }
                case CHOICE -> {
                    return ofAll(inputs, pooled, likely, from.combined(), known);
                }
                case COMBINATION -> {
                    if (pooled || (from.combined() && inputs.size() > 1)) {
                        return Map.of();
                    } else if (inputs.size() > 1) {
                        return ofAll(inputs, false, likely, true, known);
                    }
                }
                default -> {
                    return Map.of();
                }
            }
            current = inputs.get(0);
        }
        return Map.of();
    }

    private Map<V, V> ofAll(
            List<V> values, boolean pooled, boolean likely, boolean combined, Map<Followed<V>, Map<V, V>> known) {
        var all = new LinkedHashMap<V, V>();
        for (var value : values) {
            var classifiers = classifiers(new Followed<>(value, pooled, likely, combined), known);
            if (classifiers.isEmpty()) {
                return Map.of();
            }
            classifiers.forEach(all::putIfAbsent);
        }
        return all;
    }

    /**
     * Returns whether a network ends with a hidden layer: an activation, a normalisation, or maps
     * or tokens that were pooled.
     */
    private boolean isHidden(V output) {
        var current = output;
        boolean pooled = false;
        for (var next = operator(current); next.isPresent(); next = operator(current)) {
            switch (next.get().kind()) {
                case IDENTITY, RESHAPE, TRANSPOSITION, BIAS -> {}
                case MEAN, POOLING, SELECTION -> pooled = true;
                case RELU -> {
                    if (!pooled) {
                        return true;
                    }
                }
                case RELU6, HIDDEN -> {
                    return true;
                }
                case COMBINATION, CONVOLUTION, RECURRENT -> {
                    return pooled && classifiers(current).isEmpty();
                }
                default -> {
                    return false;
                }
            }
            current = next.get().inputs().get(0);
        }
        return false;
    }

    /** Returns the operator that computes a value from others; empty if none does. */
    private Optional<Operator<V>> operator(V value) {
        return graph.producer(value).filter(operator -> !operator.inputs().isEmpty());
    }

    /**
     * Returns the source of a value, skipping operators that do nothing at inference, and choices
     * between values from one source, such as a dropout that an option omits.
     */
    public V source(V value) {
        return source(value, new HashMap<>());
    }

    private V source(V value, Map<V, V> known) {
        var source = known.get(value);
        if (source == null) {
            var current = before(value, EnumSet.of(Kind.IDENTITY));
            var choice = operator(current).filter(operator -> operator.kind() == Kind.CHOICE);
            var sources = choice.stream()
                    .flatMap(o -> o.inputs().stream().map(input -> source(input, known)))
                    .distinct()
                    .toList();
            source = sources.size() == 1 ? sources.get(0) : current;
            known.put(value, source);
        }
        return source;
    }

    private V before(V value, Set<Kind> skipped) {
        var current = value;
        for (var next = operator(current);
                next.isPresent() && skipped.contains(next.get().kind());
                next = operator(current)) {
            current = next.get().inputs().get(0);
        }
        return current;
    }

    /**
     * Returns the name of a value, or of the nearest one before it that has the same elements in
     * the same order: a pooled map has the name of the module that pools, although a flattening
     * follows. Empty if none of them has a name.
     */
    public Optional<String> name(V value, Function<V, Optional<String>> names) {
        var current = value;
        var name = names.apply(current);
        for (var next = operator(current);
                name.isEmpty()
                        && next.isPresent()
                        && IN_ORDER.contains(next.get().kind());
                next = operator(current)) {
            current = next.get().inputs().get(0);
            name = names.apply(current);
        }
        return name;
    }

    /** Returns the selected ReLU of a value; empty if there is none. */
    public Optional<OpenRelu<V>> relu(V value, FakeRelu wanted) {
        var ofLayer = relu(before(value, KEEPING), false, 1);
        return switch (wanted) {
            case NONE -> Optional.empty();
            case OF_LAYER -> ofLayer;
            case BEFORE_LAYER -> relu(before(value, POOLING), false, 1);
            case LEAKY -> ofLayer.or(() -> relu(before(value, POOLING), true, FakeRelu.LEAK));
            case EXTENDED -> ofLayer.or(() -> averaged(before(value, KEEPING)));
        };
    }

    private Optional<OpenRelu<V>> relu(V value, boolean orRelu6, float share) {
        return is(value, Kind.RELU) || (orRelu6 && is(value, Kind.RELU6))
                ? Optional.of(new OpenRelu<>(value, share, Optional.empty()))
                : Optional.empty();
    }

    private Optional<OpenRelu<V>> averaged(V mean) {
        return operator(mean)
                .filter(operator -> operator.kind() == Kind.MEAN)
                .map(operator -> source(operator.inputs().get(0)))
                .filter(relu -> is(relu, Kind.RELU) || is(relu, Kind.RELU6))
                .map(relu -> new OpenRelu<>(relu, 1, Optional.of(mean)));
    }

    private boolean is(V value, Kind kind) {
        return graph.producer(value).filter(operator -> operator.kind() == kind).isPresent();
    }
}
