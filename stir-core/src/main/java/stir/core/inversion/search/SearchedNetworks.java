package stir.core.inversion.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.Seed;
import stir.core.inversion.optimizer.gaussnewton.MultiSecant;
import stir.core.network.FurtherReference;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;
import stir.core.network.open.Networks;
import stir.core.network.pass.CutNetwork;

/**
 * The networks of a search, cut at their layers: the reference at the measured layer (joined with
 * further references, if there are any), the reference at further layers that the search matches,
 * and the second network of the objective. Closes the cut networks; the caller retains ownership of
 * the networks themselves.
 */
public final class SearchedNetworks implements AutoCloseable {
    private final CutNetwork reference;
    private final double weight;
    private final Map<CutNetwork, Double> moreLayers = new LinkedHashMap<>();
    private Optional<CutNetwork> second = Optional.empty();

    private SearchedNetworks(CutNetwork reference, double weight) {
        this.reference = reference;
        this.weight = weight;
    }

    /**
     * Cuts the networks of a search. Layers without gradients are allowed for methods that do not
     * {@linkplain Method#needsGradients need} gradients.
     *
     * @param reference the caller retains ownership
     * @param inputs all inputs
     * @param batchSize the rows of a pass, as for {@link CutNetwork#of}
     * @param settings the settings of the search
     * @param networks the opener of further references and of the second network; retains ownership
     * @throws UsageException if there are several references but the method can match only one
     */
    public static SearchedNetworks of(
            Network reference, Inputs inputs, int batchSize, InversionSettings settings, Networks networks) {
        check(reference.spec(), settings.method());
        var layers = reference.searchedLayers();
        double sum = layers.stream().mapToDouble(SearchedLayer::weight).sum();
        var searched = new SearchedNetworks(
                cutReference(reference, inputs, batchSize, settings, networks),
                layers.get(0).weight() / sum);
        try {
            for (var layer : layers.subList(1, layers.size())) {
                searched.moreLayers.put(
                        searched.cutAlongside(reference, layer.name(), settings.method()), layer.weight() / sum);
            }
            searched.second = settings.secondNetwork()
                    .map(second -> networks.open(spec(second, reference)))
                    .map(opened -> searched.cutAlongside(opened, opened.layer(), settings.method()));
            return searched;
        } catch (RuntimeException | Error failure) {
            searched.close();
            throw failure;
        }
    }

    /**
     * Checks that a method can match all references of a network.
     *
     * @throws UsageException if there are several but the method can match only one
     */
    public static void check(NetworkSpec spec, Method method) {
        boolean matchesSeveral = method instanceof GaussNewton || method instanceof GradientDescent;
        if (!spec.references().isEmpty() && !matchesSeveral) {
            throw new UsageException(
                    "The optimiser %s supports only one reference: use the optimiser thorough, fast or published for several."
                            .formatted(method.optimizer()));
        }
    }

    /**
     * Checks that a search leaves the inputs of a network that takes integers as they are.
     *
     * @throws UsageException if it moves them, or begins from other values than those of inputs
     */
    public static void checkWholeNumbers(Network network, InversionSettings settings) {
        if (!network.model().takesWholeNumbers()) {
            return;
        }
        if (!(settings.method() instanceof NearestNeighbour)) {
            throw new UsageException(
                    "%s requires integers as '%s', which a search cannot change: use pairs of inputs, or the optimiser candidates."
                            .formatted(network.name(), network.input().name()));
        }
        var seed = settings.seed();
        boolean isInput = seed == Seed.Kind.OTHER_INPUT || seed == Seed.Kind.OTHER_CLASS || seed instanceof Seed.Given;
        if (!isInput) {
            throw new UsageException(
                    "%s requires integers as '%s', which the seed %s does not provide: use the seed other-input."
                            .formatted(network.name(), network.input().name(), seed.text()));
        }
    }

    private static CutNetwork cutReference(
            Network reference, Inputs inputs, int batchSize, InversionSettings settings, Networks networks) {
        var method = settings.method();
        var further = reference.spec().references();
        var cuts = new ArrayList<CutNetwork>();
        cuts.add(cut(reference, inputs, batchSize, method, further.isEmpty()));
        if (further.isEmpty()) {
            return cuts.get(0);
        }
        try {
            for (var other : further) {
                var opened = networks.open(other.spec());
                cuts.add(cutAlongside(cuts.get(0), opened, opened.layer(), method));
            }
            var weights =
                    DoubleStream.concat(DoubleStream.of(1), further.stream().mapToDouble(FurtherReference::weight));
            return CutNetwork.joint(cuts, weights.toArray(), settings.norm(), inputs);
        } catch (RuntimeException | Error failure) {
            cuts.forEach(CutNetwork::close);
            throw failure;
        }
    }

    /** Returns the second network's specification, on the device of the reference. */
    private static NetworkSpec spec(SecondNetwork second, Network reference) {
        var spec = second.spec();
        var resources = spec.resources().withDevice(reference.device());
        return spec.withResources(resources.withThreads(reference.workers()));
    }

    private static CutNetwork cut(Network network, Inputs inputs, int batchSize, Method method, boolean isAlone) {
        var layer = network.layer();
        if (!method.needsGradients()) {
            return CutNetwork.withoutGradients(network, layer, inputs, batchSize);
        }
        var fakeRelu = fakeRelu(method, inputs.shape(), isAlone);
        return CutNetwork.of(network, layer, inputs, batchSize, fakeRelu);
    }

    private CutNetwork cutAlongside(Network network, String layer, Method method) {
        return cutAlongside(reference, network, layer, method);
    }

    private static CutNetwork cutAlongside(CutNetwork reference, Network network, String layer, Method method) {
        return method.needsGradients()
                ? reference.cutOther(network, layer, fakeRelu(method, reference.pixelShape(), false))
                : reference.cutOtherWithoutGradients(network, layer);
    }

    /**
     * Returns the fake ReLU that a method uses. Gauss-Newton steps predict the residual, and a fake
     * ReLU before pooling invalidates that prediction, so they use one only at the layer itself.
     * The exceptions are searches of photos: short ones gain from a leaky fake ReLU, and long ones
     * of a single reference from an extended one.
     */
    private static FakeRelu fakeRelu(Method method, Shape pixels, boolean isAlone) {
        if (method instanceof GaussNewton steps && steps.fakeRelu()) {
            var candidate = MultiSecant.fakeRelu(steps.iterations(), pixels);
            boolean isUseful = candidate == FakeRelu.LEAKY
                    ? steps.effort() == GaussNewton.Effort.FAST
                    : candidate != FakeRelu.EXTENDED || isAlone;
            return isUseful ? candidate : FakeRelu.OF_LAYER;
        }
        return method instanceof GradientDescent descent && descent.fakeRelu() ? FakeRelu.BEFORE_LAYER : FakeRelu.NONE;
    }

    /**
     * Returns the reference at the measured layer, joined with further references if there are any.
     */
    public CutNetwork reference() {
        return reference;
    }

    /**
     * Returns the weight of the measured layer, above 0; with those of {@link #moreLayers} it sums
     * to 1.
     */
    public double weight() {
        return weight;
    }

    /**
     * Returns the reference cut at further layers, with the weights of these; empty if one layer is
     * matched.
     */
    public Map<CutNetwork, Double> moreLayers() {
        return Collections.unmodifiableMap(moreLayers);
    }

    /** Returns the second network of the objective; empty if there is none. */
    public Optional<CutNetwork> second() {
        return second;
    }

    private Stream<CutNetwork> all() {
        return Stream.of(Stream.of(reference), moreLayers.keySet().stream(), second.stream())
                .flatMap(networks -> networks);
    }

    /** Returns the refusal of a network that has changed: {@link CutNetwork#change}. */
    Optional<DataException> change() {
        return all().flatMap(network -> network.change().stream()).findFirst();
    }

    /** Lets the networks change: {@link CutNetwork#ignoreChanges}. */
    public void ignoreChanges() {
        all().forEach(CutNetwork::ignoreChanges);
    }

    @Override
    public void close() {
        second.ifPresent(CutNetwork::close);
        moreLayers.keySet().forEach(CutNetwork::close);
        reference.close();
    }
}
