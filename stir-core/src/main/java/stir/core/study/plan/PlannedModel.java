package stir.core.study.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.network.Inconsistency;
import stir.core.network.ModelIdentity;
import stir.core.runtime.machine.Machine;

/**
 * A model of a study after it was opened.
 *
 * @param model the model, as the experiment names it
 * @param identity the model's bytes and the code that runs it
 * @param input the shape of one input as the model expects it
 * @param layout the position of the channels of images
 * @param layers the layers that are measured, in the order in which the model computes them
 * @param classShapes the shapes of the class layers, by their names
 * @param machine facts about the machine that opened it
 * @param bytes the size of its file or folder; 0 for one that came from no file
 * @param inconsistency the reason why it is not a function of its input; empty if it is
 * @param references the additional networks that its searches match
 * @param head the hash of its head's bytes in hexadecimal; empty without a head
 * @since 0.1.0
 */
public record PlannedModel(
        StudiedModel model,
        ModelIdentity identity,
        Shape input,
        Layout layout,
        List<PlannedLayer> layers,
        Map<String, Shape> classShapes,
        Map<String, String> machine,
        long bytes,
        Optional<Inconsistency> inconsistency,
        List<PlannedReference> references,
        Optional<String> head) {
    /** Copies the layers and facts. */
    public PlannedModel {
        layers = List.copyOf(layers);
        classShapes = new TreeMap<>(classShapes);
        machine = new Machine(machine).facts();
        references = List.copyOf(references);
    }

    /** Returns that it is not a function of its input; empty if it is. */
    public Optional<Caution> caution() {
        return inconsistency.map(reason -> reason.caution(name()));
    }

    /** Returns whether its searches match several networks, including a target. */
    public boolean matches(PlannedModel target) {
        return !references.isEmpty()
                && !target.sha256().isEmpty()
                && Stream.concat(Stream.of(sha256()), references.stream().map(PlannedReference::sha256))
                        .anyMatch(target.sha256()::equals);
    }

    /** Returns the hash of its bytes in hexadecimal; empty for one that came from no file. */
    public String sha256() {
        return identity.sha256();
    }

    /** Returns the id of the backend that runs it. */
    public String backend() {
        return identity.backend();
    }

    /** Returns its name in results. */
    public String name() {
        return model.name();
    }
}
