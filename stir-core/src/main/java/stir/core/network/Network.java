package stir.core.network;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import stir.api.Caution;
import stir.api.Device;
import stir.api.Experimental;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Remedy;
import stir.api.Scope;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.inputs.ValueRange;

/**
 * An open network, with its measured layer and the preprocessing of its inputs. It serves as a
 * reference or as a target. The code that opened it closes it. Thread-safe: several threads may use
 * it at once. After {@link #close}, its passes throw {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public final class Network implements AutoCloseable {
    private static final int MOST_EXAMPLES = 4;

    private final String name;
    private final ModelIdentity identity;
    private final GuardedModel model;
    private final NetworkSpec spec;
    private final ValueRange range;
    private final SideRows sides;
    private final Lengths lengths;

    private Network(
            String name,
            ModelIdentity identity,
            GuardedModel model,
            NetworkSpec spec,
            ValueRange range,
            SideRows sides,
            Lengths lengths) {
        this.name = Objects.requireNonNull(name, "name");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.model = Objects.requireNonNull(model, "model");
        this.spec = Objects.requireNonNull(spec, "spec");
        this.range = range;
        this.sides = sides;
        this.lengths = lengths;
    }

    /**
     * Creates a network from an open model, for example one that was built in Java. Closing the
     * network closes the model.
     *
     * @param name the name in reports
     * @param sha256 the hash of the model's bytes in hexadecimal; empty if it came from no file:
     *     its results can't be stored then
     * @param backend the id of the backend that opened the model
     * @param model the model
     * @param spec layers, preprocessing, device, threads, settings and side inputs; the rest is not
     *     used
     */
    public static Network of(String name, String sha256, String backend, Model model, NetworkSpec spec) {
        return of(name, ModelIdentity.of(sha256, backend), model, spec, SideRows.open(spec.inputs()));
    }

    /**
     * Creates a network as {@link #of(String, String, String, Model, NetworkSpec)} does, with the
     * code that runs it, and with rows for its side inputs, which it then owns.
     */
    @Experimental
    public static Network of(String name, ModelIdentity identity, Model model, NetworkSpec spec, SideRows sides) {
        var guarded = GuardedModel.of(model);
        return new Network(name, identity, guarded, spec, ValueRange.UNIT, sides, Lengths.NONE);
    }

    /**
     * Returns the same open model, measured and searched only at another layer. Closing either also
     * closes the other.
     *
     * @param other the layer's name
     */
    public Network at(String other) {
        return new Network(name, identity, model, spec.atLayerAlone(other), range, sides, lengths);
    }

    /**
     * Returns the same open model, measured at another layer, and searched there and at its
     * additional layers. Closing either also closes the other.
     *
     * @param other the layer's name
     */
    public Network searchedAt(String other) {
        return new Network(name, identity, model, spec.withLayer(other), range, sides, lengths);
    }

    /**
     * Returns the same open model for inputs of a range: it receives the values that points in
     * [0,1] stand for. Closing either also closes the other.
     *
     * @throws UsageException if its normalisation is not possible for such values
     */
    public Network over(ValueRange other) {
        preprocessing().check(other);
        return new Network(name, identity, model, spec, other, sides, lengths);
    }

    /**
     * Returns the same open model for inputs: over their range, with one row of each side input per
     * input. Closing either also closes the other.
     *
     * @throws UsageException if its normalisation is not possible for the range
     * @throws stir.api.DataException if a side input has more or fewer rows
     */
    public Network on(Inputs inputs) {
        sides.check(inputs);
        var facts = inputs.facts();
        preprocessing().check(facts.range());
        return new Network(name, identity, model, spec, facts.range(), sides, facts.lengths());
    }

    /** Returns the lengths of inputs that are padded; representations leave out the padding. */
    public Lengths lengths() {
        return lengths;
    }

    /**
     * Returns the same open model for the inputs of another network: over their range, and without
     * their padding. Closing either also closes the other.
     */
    public Network onInputsOf(Network other) {
        return new Network(name, identity, model, spec, other.range, sides, other.lengths);
    }

    /** Returns the side inputs' rows, which are closed with the network. */
    @Experimental
    public SideRows sides() {
        return sides;
    }

    /** Returns the range of the values that points in [0,1] stand for. */
    public ValueRange range() {
        return range;
    }

    /** Returns the specification with which it was opened. */
    public NetworkSpec spec() {
        return spec;
    }

    /** Returns the name in reports: the model's file. */
    public String name() {
        return name;
    }

    /**
     * Returns the hash of the model's bytes in hexadecimal; empty for a model that came from no
     * file.
     */
    public String sha256() {
        return identity.sha256();
    }

    /** Returns the model and the code that runs it. */
    @Experimental
    public ModelIdentity identity() {
        return identity;
    }

    /** Returns the id of the backend that runs it. */
    public String backend() {
        return identity.backend();
    }

    /** Returns the model, which is closed with the network. */
    public Model model() {
        return model;
    }

    /**
     * Returns the time that the longest of the running calls and passes of the model has taken so
     * far.
     */
    @Experimental
    public Duration longestCall() {
        return model.longestCall();
    }

    /** Returns the specification of the model's input. */
    public InputSpec input() {
        return model.input();
    }

    /** Returns the changes of inputs before the model receives them that a user may not expect. */
    public List<Caution> conversions(Shape inputs) {
        var file = String.valueOf(Path.of(name).getFileName());
        var layout = preprocessing().layout().orElse(input().layout());
        return InputConversion.of(inputs, input().shape(), layout).stream()
                .map(change -> change.caution(List.of(file), List.of()))
                .toList();
    }

    /**
     * Returns the layers for the input shape that the model specifies; {@link Layer#measurable} is
     * false for those that can't be measured.
     */
    public List<Layer> layers() {
        return layers(input().shape());
    }

    /**
     * Checks that the network has the chosen layers, if the model specifies its input shape;
     * otherwise they are checked with the inputs.
     *
     * @throws UsageException if one is unknown; the message names the nearest ones
     */
    public void checkLayers() {
        var shape = input().shape();
        if (spec.layers().isEmpty() || shape.rank() == 0 || !shape.isKnown()) {
            return;
        }
        var listed = layers().stream().map(Layer::name).collect(Collectors.toSet());
        for (var chosen : spec.layers()) {
            // The model may have layers that it does not list.
            if (!listed.contains(chosen.name())) {
                try {
                    model.hook(chosen.name(), HookOptions.withoutGradients(shape))
                            .close();
                } catch (UsageException e) {
                    throw e.about(name);
                }
            }
        }
    }

    /** Returns the layers for inputs of a shape: {@link Model#layers}. */
    public List<Layer> layers(Shape input) {
        return model.layers(input);
    }

    /**
     * Returns the name of the measured layer.
     *
     * @throws UsageException if none was chosen and the model proposes none
     */
    public String layer() {
        return layer(input().shape());
    }

    /**
     * Returns the name of the measured layer.
     *
     * @param input the shape of inputs as the model receives them, for which the message lists
     *     layers
     * @throws UsageException if none was chosen and the model proposes none
     */
    public String layer(Shape input) {
        return spec.layer().or(model::defaultLayer).orElseThrow(() -> noDefaultLayer(input));
    }

    private UsageException noDefaultLayer(Shape input) {
        var names = examples(input).stream()
                .filter(layer -> layer.obstacle().isEmpty())
                .map(Layer::name)
                .toList();
        var last = names.subList(Math.max(0, names.size() - MOST_EXAMPLES), names.size());
        return new UsageException(
                "No layer before the classifier could be determined for %s: specify one%s."
                        .formatted(name, last.isEmpty() ? "" : "; its last layers are " + String.join(", ", last)),
                Remedy.NAME_LAYER);
    }

    /** Returns the layers for inputs of a shape; none if the model needs a more specific one. */
    private List<Layer> examples(Shape input) {
        try {
            return layers(input);
        } catch (UsageException e) {
            return List.of();
        }
    }

    /**
     * Returns the layers that a search for invariant inputs matches: {@link #layer()} first.
     *
     * @throws UsageException as {@link #layer()}
     */
    public List<SearchedLayer> searchedLayers() {
        var layers = new ArrayList<SearchedLayer>();
        layers.add(new SearchedLayer(layer(), spec.layerWeight()));
        layers.addAll(spec.moreLayers());
        return layers;
    }

    /** Returns the transformation of an input before the model receives it. */
    public Preprocessing preprocessing() {
        return spec.preprocessing();
    }

    /** Returns the settings for its backend. */
    public Map<String, String> settings() {
        return spec.settings();
    }

    /** Returns the device on which it computes. */
    public Device device() {
        return spec.resources().device();
    }

    /**
     * Returns the number of threads that use it at a time, each with rows of its own: the threads
     * of its {@link NetworkSpec}. On a GPU, one computes while the others move their points.
     */
    public int workers() {
        return spec.resources().threads();
    }

    /** Returns the number of inputs that all its workers process at a time. */
    public int batchSize() {
        return spec.resources().batchSize();
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(sides);
            scope.own(model);
        }
    }
}
