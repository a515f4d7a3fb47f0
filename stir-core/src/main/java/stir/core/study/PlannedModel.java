package stir.core.study;

import stir.api.Layout;
import stir.api.Shape;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model of a study, as it was found.
 *
 * @param model as the experiment names it
 * @param sha256 the hash of the model's bytes in hexadecimal
 * @param backend the id of the backend that runs it
 * @param input the shape of one input as the model takes it
 * @param layout where the channels of images are
 * @param layers the layers that are measured, in the order in which the model computes them
 * @param classShapes the shapes of the layers that tell classes, by their names
 */
public record PlannedModel(
        StudiedModel model,
        String sha256,
        String backend,
        Shape input,
        Layout layout,
        List<PlannedLayer> layers,
        Map<String, Shape> classShapes) {
    /** Copies the layers. */
    public PlannedModel {
        layers = List.copyOf(layers);
        classShapes = new TreeMap<>(classShapes);
    }

    /** What results call it. */
    public String name() {
        return model.name();
    }
}
