package stir.core.study;

import stir.api.support.NearestNames;
import stir.core.extension.MeasureCatalogue;
import stir.core.study.file.ReadableParts;
import stir.core.study.plan.Mistake;
import stir.core.study.plan.NamePattern;
import stir.core.study.plan.Places;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;
import stir.core.study.unit.NetworkPool;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Checks of an experiment what can be checked where models or inputs are missing.
 *
 * @param measures those that there are
 * @param networks opens models
 * @param attempts receives what is wrong
 */
record PartsCheck(MeasureCatalogue measures, NetworkPool networks, Attempts attempts) {
    void check(ReadableParts parts) {
        checkMeasures(parts.measures());
        checkPairs(parts.pairs(), parts.modelNames());
        parts.inputs().ifPresent(inputs -> attempts.make(Places.INPUTS, inputs::open));
        parts.models().forEach(this::checkLayers);
    }

    /** Whether each measure is known. */
    void checkMeasures(List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i);
            attempts.make(Places.measure(i), () -> measures.select(List.of(id)));
        }
    }

    /**
     * Whether each rule of pairs is of models that there are.
     *
     * @param names of all models, mistaken ones too
     */
    boolean checkPairs(List<StudiedPairs> pairs, List<String> names) {
        int before = attempts.mistakes().size();
        for (int i = 0; i < pairs.size(); i++) {
            var rule = pairs.get(i);
            for (var model : new LinkedHashSet<>(List.of(rule.reference(), rule.target()))) {
                if (NamePattern.of(model).in(names).isEmpty()) {
                    attempts.mistakes()
                            .add(
                                    new Mistake(
                                            Places.pair(i),
                                            NearestNames.sentence("model", model, names)));
                }
            }
        }
        return attempts.mistakes().size() == before;
    }

    /** Whether a model can be opened, and lists the layers that are asked for. */
    void checkLayers(StudiedModel model) {
        var listed =
                attempts.make(Places.model(model.name()), () -> networks.listedWithoutInputs(model))
                        .flatMap(layers -> layers);
        for (int i = 0; i < model.layers().size(); i++) {
            var pattern = NamePattern.of(model.layers().get(i));
            var place = Places.layer(model.name(), i);
            listed.ifPresent(
                    layers -> attempts.make(place, () -> LayerNames.known(pattern, layers)));
        }
    }
}
