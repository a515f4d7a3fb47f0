package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.support.Words;
import stir.core.io.files.Table;
import stir.core.network.Network;

/** The list of the layers at which a network can be measured. */
public final class LayerList implements Report {
    private final String model;
    private final String backend;
    private final InputSpec input;
    private final Shape shape;
    private final Optional<String> chosen;
    private final List<Layer> layers;

    /** Creates the list of the layers of a network for inputs of a shape. */
    public LayerList(Network network, Shape shape) {
        this.model = network.name();
        this.backend = network.backend();
        this.input = network.input();
        this.shape = shape;
        this.chosen = network.model().defaultLayer();
        this.layers = network.layers(shape);
    }

    private record Document(
            String schema,
            String model,
            String backend,
            Input input,

            @JsonProperty("default") @JsonInclude(JsonInclude.Include.ALWAYS)
            Optional<String> chosen,

            List<Entry> layers) {}

    /** The input of a network in a document. */
    record Input(String name, Shape shape, String layout, OptionalInt batch) {
        static Input of(InputSpec input, Shape shape) {
            return new Input(input.name(), shape, Words.of(input.layout()), input.batch());
        }
    }

    private record Entry(
            String name, String kind, Shape shape, Optional<String> obstacle, Optional<Boolean> measurable) {
        static Entry of(Layer layer) {
            return new Entry(
                    layer.name(),
                    layer.kind(),
                    layer.shape(),
                    layer.obstacle(),
                    Optional.of(false).filter(no -> !layer.measurable()));
        }
    }

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-layers/1",
                model,
                backend,
                Input.of(input, shape),
                chosen,
                layers.stream().map(Entry::of).toList()));
    }

    /** Returns why no layer is listed, or how unknown shapes are found; otherwise empty. */
    private String remedy() {
        if (layers.isEmpty()) {
            return "No measurable layer: none has one row per input and a known shape.\n";
        }
        boolean lacks = layers.stream().anyMatch(layer -> layer.shape().rank() == 0);
        return lacks && shape.equals(input.shape()) ? "? is a dynamic shape: specify the input shape (--shape).\n" : "";
    }

    private boolean isDefault(Layer layer) {
        return chosen.filter(layer.name()::equals).isPresent();
    }

    static String shape(Layer layer) {
        return layer.shape().rank() == 0 ? "?" : layer.shape().toString();
    }

    @Override
    public Table<?> table() {
        return new Table<>(layers)
                .column("layer", Layer::name)
                .column("kind", Layer::kind)
                .column("shape", LayerList::shape)
                .column("default", layer -> isDefault(layer) ? "default" : "")
                .column("obstacle", Layer::obstacle);
    }

    @Override
    public String text() {
        return "%s takes %s%s (%s)\n"
                        .formatted(
                                model,
                                shape.rank() == 0 ? "inputs of a dynamic shape" : "inputs of " + shape,
                                input.batch().isPresent() ? ", " + input.batch().getAsInt() + " at a time" : "",
                                backend)
                + new LayerLines(layers, chosen).text()
                + remedy();
    }
}
