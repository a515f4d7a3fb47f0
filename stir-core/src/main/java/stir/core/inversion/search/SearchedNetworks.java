package stir.core.inversion.search;

import stir.api.FakeRelu;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.CkaAttack;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.optimizer.gaussnewton.MultiSecant;
import stir.core.network.FurtherReference;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Networks;
import stir.core.network.SearchedLayer;
import stir.core.network.pass.CutNetwork;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The networks of a search, cut at their layers: the reference at the measured layer, joint with
 * further references if there are any, and at more layers if the search matches several, and the
 * second network of the objective. Closes the cut networks; the callers retain ownership of the
 * networks.
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
     * Cuts the networks of a search. Where a method {@link Method#needsGradients needs} no
     * gradients, layers may have none.
     *
     * @param reference the caller retains ownership
     * @param inputs all inputs
     * @param batchSize as for {@link CutNetwork#of}
     * @param settings of the search
     * @param networks opens further references and the second network, and retains ownership
     * @throws UsageException if the method matches one reference alone, and there are several
     */
    public static SearchedNetworks of(
            Network reference,
            Inputs inputs,
            int batchSize,
            InversionSettings settings,
            Networks networks) {
        check(reference.spec(), settings.method());
        var layers = reference.searchedLayers();
        double sum = layers.stream().mapToDouble(SearchedLayer::weight).sum();
        var searched =
                new SearchedNetworks(
                        matched(reference, inputs, batchSize, settings, networks),
                        layers.get(0).weight() / sum);
        try {
            for (var layer : layers.subList(1, layers.size())) {
                searched.moreLayers.put(
                        searched.beside(reference, layer.name(), settings.method()),
                        layer.weight() / sum);
            }
            searched.second =
                    settings.secondNetwork()
                            .map(second -> networks.open(spec(second, reference)))
                            .map(
                                    opened ->
                                            searched.beside(
                                                    opened, opened.layer(), settings.method()));
            return searched;
        } catch (RuntimeException | Error failure) {
            searched.close();
            throw failure;
        }
    }

    /**
     * Checks that a method can match all references of a network.
     *
     * @throws UsageException if it matches one alone
     */
    public static void check(NetworkSpec spec, Method method) {
        boolean matchesSeveral = method instanceof GaussNewton || method instanceof GradientDescent;
        if (!spec.references().isEmpty() && !matchesSeveral) {
            throw new UsageException(
                    "%s matches one reference alone: several are matched by the optimizers thorough, fast and reference."
                            .formatted(
                                    method instanceof CkaAttack
                                            ? "A CKA attack"
                                            : "The optimizer " + method.optimizer()));
        }
    }

    private static CutNetwork matched(
            Network reference,
            Inputs inputs,
            int batchSize,
            InversionSettings settings,
            Networks networks) {
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
                cuts.add(beside(cuts.get(0), opened, opened.layer(), method));
            }
            var weights =
                    DoubleStream.concat(
                            DoubleStream.of(1),
                            further.stream().mapToDouble(FurtherReference::weight));
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

    private static CutNetwork cut(
            Network network, Inputs inputs, int batchSize, Method method, boolean isAlone) {
        var layer = network.layer();
        if (!method.needsGradients()) {
            return CutNetwork.withoutGradients(network, layer, inputs, batchSize);
        }
        var fakeRelu = fakeRelu(method, inputs.shape(), isAlone);
        return CutNetwork.of(network, layer, inputs, batchSize, fakeRelu);
    }

    private CutNetwork beside(Network network, String layer, Method method) {
        return beside(reference, network, layer, method);
    }

    private static CutNetwork beside(
            CutNetwork reference, Network network, String layer, Method method) {
        return method.needsGradients()
                ? reference.beside(network, layer, fakeRelu(method, reference.pixelShape(), false))
                : reference.besideWithoutGradients(network, layer);
    }

    /**
     * Returns the fake ReLU that a method uses. One followed by pooling misleads Gauss-Newton
     * steps, which predict the residual; in searches of photos they gain from one that leaks, if
     * they are short, and from an extended one of a single reference.
     */
    private static FakeRelu fakeRelu(Method method, Shape pixels, boolean isAlone) {
        if (method instanceof GaussNewton steps && steps.fakeRelu()) {
            var gained = MultiSecant.fakeRelu(steps.iterations(), pixels);
            boolean suits =
                    gained == FakeRelu.LEAKY
                            ? steps.effort() == GaussNewton.Effort.FAST
                            : gained != FakeRelu.EXTENDED || isAlone;
            return suits ? gained : FakeRelu.OF_LAYER;
        }
        boolean before =
                (method instanceof GradientDescent descent && descent.fakeRelu())
                        || (method instanceof CkaAttack attack && attack.fakeRelu());
        return before ? FakeRelu.BEFORE_LAYER : FakeRelu.NONE;
    }

    /** Returns the reference at the measured layer, joint with further references. */
    public CutNetwork reference() {
        return reference;
    }

    /** Returns the share of the measured layer in a weight of 1. */
    public double weight() {
        return weight;
    }

    /** Returns further layers of the reference, with their shares of a weight of 1. */
    public Map<CutNetwork, Double> moreLayers() {
        return Collections.unmodifiableMap(moreLayers);
    }

    /** Returns the second network of the objective. */
    public Optional<CutNetwork> second() {
        return second;
    }

    @Override
    public void close() {
        second.ifPresent(CutNetwork::close);
        moreLayers.keySet().forEach(CutNetwork::close);
        reference.close();
    }
}
