package stir.cli.report;

import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.support.Words;
import stir.core.network.Network;

import java.util.List;
import java.util.Optional;

/** The layers of a network at which it can be measured. */
public final class LayerList implements Report {
    private final String model;
    private final String backend;
    private final InputSpec input;
    private final Shape shape;
    private final Optional<String> chosen;
    private final List<Layer> layers;

    private LayerList(Network network, Shape shape) {
        this.model = network.name();
        this.backend = network.backend();
        this.input = network.input();
        this.shape = shape;
        this.chosen = network.model().defaultLayer();
        this.layers = network.layers(shape);
    }

    /** The layers of a network for inputs of a shape. */
    public static LayerList of(Network network, Shape shape) {
        return new LayerList(network, shape);
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-layers/1");
        root.put("model", model);
        root.put("backend", backend);
        var taken = root.putObject("input");
        taken.put("name", input.name());
        taken.set("shape", JsonDocument.shape(shape));
        taken.put("layout", Words.of(input.layout()));
        if (input.batch().isPresent()) {
            taken.put("batch", input.batch().getAsInt());
        }
        root.put("default", chosen.orElse(null));
        var list = root.putArray("layers");
        for (Layer layer : layers) {
            var entry = list.addObject();
            entry.put("name", layer.name());
            entry.put("kind", layer.kind());
            entry.set("shape", JsonDocument.shape(layer.shape()));
            layer.obstacle().ifPresent(why -> entry.put("obstacle", why));
            if (!layer.measurable()) {
                entry.put("measurable", false);
            }
        }
        return JsonDocument.of(root);
    }

    /** How shapes that are not known are found; empty if there is no way, or no need. */
    private String remedy() {
        boolean lacks = layers.stream().anyMatch(layer -> layer.shape().rank() == 0);
        return lacks && shape.equals(input.shape())
                ? "? is a shape that the file does not state: add that of an input (--shape).\n"
                : "";
    }

    private boolean isDefault(Layer layer) {
        return chosen.filter(layer.name()::equals).isPresent();
    }

    private static String lack(Layer layer) {
        return layer.measurable() ? "no gradient" : "can't be measured";
    }

    private static String shape(Layer layer) {
        return layer.shape().rank() == 0 ? "?" : layer.shape().toString();
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("layer", "kind", "shape", "default", "obstacle");
        for (Layer layer : layers) {
            table.row(
                    layer.name(),
                    layer.kind(),
                    shape(layer),
                    isDefault(layer) ? "default" : "",
                    layer.obstacle().orElse(""));
        }
        return table;
    }

    @Override
    public String text() {
        var table = new TextTable("");
        LayerTree.of(layers)
                .visit(
                        (layer, depth) ->
                                table.row(
                                        isDefault(layer) ? "*" : " ",
                                        "  ".repeat(depth) + layer.name(),
                                        layer.kind(),
                                        shape(layer),
                                        layer.obstacle()
                                                .map(why -> lack(layer) + ": " + why)
                                                .orElse("")));
        return "%s takes %s%s (%s)\n"
                        .formatted(
                                model,
                                shape.rank() == 0
                                        ? "inputs of a shape that the file does not state"
                                        : "inputs of " + shape,
                                input.batch().isPresent()
                                        ? ", " + input.batch().getAsInt() + " at a time"
                                        : "",
                                backend)
                + table
                + remedy();
    }
}
