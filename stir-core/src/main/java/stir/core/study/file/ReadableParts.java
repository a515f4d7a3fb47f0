package stir.core.study.file;

import java.util.List;
import java.util.Optional;
import stir.core.inputs.InputsSpec;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;

/**
 * The parts of a file that can be checked, whether or not it is a whole experiment.
 *
 * @param models those without a problem
 * @param modelNames the names of all models, with or without problems
 * @param inputs empty if they are missing or have problems
 * @param measures the measures by their ids
 * @param pairs the rules of compared layers
 * @since 0.1.0
 */
public record ReadableParts(
        List<StudiedModel> models,
        List<String> modelNames,
        Optional<InputsSpec> inputs,
        List<String> measures,
        List<StudiedPairs> pairs) {
    /** No parts. */
    static final ReadableParts NONE = new ReadableParts(List.of(), List.of(), Optional.empty(), List.of(), List.of());

    /** Copies the lists. */
    public ReadableParts {
        models = List.copyOf(models);
        modelNames = List.copyOf(modelNames);
        measures = List.copyOf(measures);
        pairs = List.copyOf(pairs);
    }
}
