package stir.core.study;

import java.util.LinkedHashSet;
import java.util.List;
import stir.api.support.NearestNames;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.study.file.ReadableParts;
import stir.core.study.names.Locations;
import stir.core.study.names.NamePattern;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;
import stir.core.study.run.NetworkPool;

/**
 * The checks of an experiment that do not need its models or inputs together.
 *
 * @param measures all measures
 * @param networks the opener of models
 */
record PartsCheck(MeasureCatalogue measures, NetworkPool networks) {
    /** Returns the problems of a file that is not a whole experiment. */
    List<Problem> check(ReadableParts parts) {
        var problems = new ProblemCollector();
        problems.addAll(checkMeasures(parts.measures()));
        problems.addAll(checkPairs(parts.pairs(), parts.modelNames()));
        parts.inputs().ifPresent(inputs -> problems.check(Locations.INPUTS, inputs::open));
        parts.models().forEach(model -> problems.addAll(checkLayers(model)));
        return problems.all();
    }

    /** Returns a problem per unknown measure. */
    List<Problem> checkMeasures(List<String> ids) {
        var problems = new ProblemCollector();
        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i);
            problems.check(Locations.measure(i), () -> measures.select(List.of(id)));
        }
        return problems.all();
    }

    /**
     * Returns a problem per rule of pairs and unknown model.
     *
     * @param names the names of all models, with or without problems
     */
    List<Problem> checkPairs(List<StudiedPairs> pairs, List<String> names) {
        var problems = new ProblemCollector();
        for (int i = 0; i < pairs.size(); i++) {
            var rule = pairs.get(i);
            for (var model : new LinkedHashSet<>(List.of(rule.reference(), rule.target()))) {
                if (NamePattern.of(model).in(names).isEmpty()) {
                    problems.add(Locations.pair(i), NearestNames.sentence("model", model, names));
                }
            }
        }
        return problems.all();
    }

    /** Returns the problems of opening a model and of the layers that are asked for. */
    List<Problem> checkLayers(StudiedModel model) {
        var problems = new ProblemCollector();
        var place = Locations.model(model.name());
        var layers = problems.attempt(place, () -> networks.listedWithoutInputs(model));
        if (layers.isPresent() && layers.get().isPresent()) {
            var listed = layers.get().get();
            var file = model.spec().file().toString();
            for (int i = 0; i < model.layers().size(); i++) {
                var pattern = NamePattern.of(model.layers().get(i));
                problems.check(Locations.layer(model.name(), i), () -> LayerNames.known(file, pattern, listed));
            }
        }
        return problems.all();
    }
}
