package stir.core.study.file;

import stir.core.inputs.InputsSpec;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;

import java.util.List;
import java.util.Optional;

/**
 * What a file says that can be checked, whether or not it is an experiment.
 *
 * @param models those without a mistake
 * @param modelNames of all models, mistaken or not
 * @param inputs empty if they are missing or mistaken
 * @param measures by their ids
 * @param pairs the rules that say what is compared
 * @since 0.1.0
 */
public record ReadableParts(
        List<StudiedModel> models,
        List<String> modelNames,
        Optional<InputsSpec> inputs,
        List<String> measures,
        List<StudiedPairs> pairs) {
    /** Nothing can be read. */
    static final ReadableParts NONE =
            new ReadableParts(List.of(), List.of(), Optional.empty(), List.of(), List.of());

    /** Copies the lists. */
    public ReadableParts {
        models = List.copyOf(models);
        modelNames = List.copyOf(modelNames);
        measures = List.copyOf(measures);
        pairs = List.copyOf(pairs);
    }
}
