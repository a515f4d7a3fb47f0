package stir.core.study;

import stir.api.DataException;
import stir.api.Layer;
import stir.api.Shape;
import stir.core.extension.MeasureCatalogue;
import stir.core.extension.TermCatalogue;
import stir.core.files.ContentHash;
import stir.core.inputs.Fingerprint;
import stir.core.inputs.Inputs;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.start.SeedSource;
import stir.core.machine.Machine;
import stir.core.network.pass.CutNetwork;
import stir.core.score.compute.PredictedClasses;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Mistake;
import stir.core.study.plan.NamePattern;
import stir.core.study.plan.Places;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudyPlan;
import stir.core.study.unit.NetworkPool;
import stir.core.study.unit.OpenNetwork;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Opens what an experiment names, one model after the other, and finds out what there is to do. */
final class StudyPlanner {
    private final Experiment experiment;
    private final Optional<Inputs> given;
    private final MeasureCatalogue measures;
    private final TermCatalogue terms;
    private final NetworkPool networks;
    private final boolean scored;
    private final List<String> modelNames;
    private final List<Mistake> mistakes;
    private final Attempts attempts;
    private final PartsCheck parts;

    /**
     * A planner.
     *
     * @param given the inputs, if they are open already; the experiment's path only names them then
     * @param networks opens models, which stay open
     * @param scored whether there are scores, so that measures have to fit
     * @param modelNames of all models, those too that are mistaken and not in the experiment
     * @param mistakes receives what is wrong
     */
    StudyPlanner(
            Experiment experiment,
            Optional<Inputs> given,
            MeasureCatalogue measures,
            TermCatalogue terms,
            NetworkPool networks,
            boolean scored,
            List<String> modelNames,
            List<Mistake> mistakes) {
        this.experiment = experiment;
        this.given = given;
        this.measures = measures;
        this.terms = terms;
        this.networks = networks;
        this.scored = scored;
        this.modelNames = modelNames;
        this.mistakes = mistakes;
        this.attempts = new Attempts(mistakes);
        this.parts = new PartsCheck(measures, networks, attempts);
    }

    /** What there is to do, as far as it is without mistakes. */
    Optional<StudyPlan> plan() {
        parts.checkMeasures(experiment.measures());
        boolean pairsAreKnown = parts.checkPairs(experiment.pairs(), modelNames);
        var inputs = attempts.make(Places.INPUTS, this::inputs);
        if (inputs.isEmpty()) {
            experiment.models().forEach(parts::checkLayers);
            return Optional.empty();
        }
        var files = new TreeMap<String, String>();
        for (int i = 0; i < experiment.searches().size(); i++) {
            checkSearch(i, inputs.get(), files);
        }
        int before = mistakes.size();
        var models = new ArrayList<PlannedModel>();
        for (var model : experiment.models()) {
            attempts.make(Places.model(model.name()), () -> planned(model, inputs.get()))
                    .flatMap(found -> found)
                    .ifPresent(models::add);
        }
        boolean complete = mistakes.size() == before && models.size() == modelNames.size();
        var pairs = pairs(models);
        if (complete && pairsAreKnown) {
            checkPairLayers(models);
        }
        checkGradients(models, pairs, inputs.get());
        var plan =
                new StudyPlan(
                        experiment,
                        inputs.get(),
                        Fingerprint.of(inputs.get()),
                        files,
                        models,
                        complete ? pairs : List.of());
        if (scored) {
            mistakes.addAll(new MeasureFit(measures, plan).mistakes());
        }
        return Optional.of(plan);
    }

    private Inputs inputs() {
        var all = given.orElseGet(() -> experiment.inputs().open());
        return experiment.limit().isPresent() ? all.limit(experiment.limit().getAsInt()) : all;
    }

    private void checkSearch(int index, Inputs inputs, Map<String, String> files) {
        var settings = experiment.searches().get(index).settings();
        var place = Places.search(index);
        attempts.make(place, () -> new SeedSource(settings.seed(), settings.rngSeed(), inputs));
        if (settings.method() instanceof GradientDescent descent) {
            for (var term : descent.objective().terms()) {
                attempts.make(
                        place, () -> terms.select(term.id(), term.parameters()).on(inputs.shape()));
            }
        }
        settings.secondNetwork()
                .ifPresent(second -> attempts.make(place, () -> shape(second, inputs)));
        for (var file : settings.files().values()) {
            attempts.make(
                    place,
                    () -> files.computeIfAbsent(file.toString(), key -> ContentHash.of(file)));
        }
    }

    /** The shape at which the second network of a search is measured. */
    private Shape shape(SecondNetwork second, Inputs inputs) {
        var network = networks.open(second.spec());
        try (var cut = CutNetwork.withoutGradients(network, network.layer(), inputs.shape(), 1)) {
            return cut.representationShape();
        }
    }

    private OpenNetwork open(StudiedModel model, Inputs inputs) {
        return networks.get(model, inputs);
    }

    private Optional<PlannedModel> planned(StudiedModel model, Inputs inputs) {
        var network = open(model, inputs);
        var listed = network.listed();
        var planned = new ArrayList<PlannedLayer>();
        var classShapes = new LinkedHashMap<String, Shape>();
        for (var choice : chosen(model, network, listed).entrySet()) {
            attempts.make(choice.getValue(), () -> shape(network, choice.getKey()))
                    .ifPresent(
                            shape -> {
                                var classes = classLayer(network, listed, choice.getKey());
                                classes.ifPresent(
                                        name -> classShapes.put(name, shape(network, name)));
                                planned.add(new PlannedLayer(choice.getKey(), shape, classes));
                            });
        }
        return planned.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new PlannedModel(
                                model,
                                network.network().sha256(),
                                network.network().backend(),
                                network.modelShape(),
                                network.layout(),
                                planned,
                                classShapes,
                                Machine.of(network.network().model().runtime()).facts()));
    }

    private static Shape shape(OpenNetwork network, String layer) {
        return network.cut(layer).representationShape();
    }

    /** The layer that tells classes behind a measured one, if the network can be cut there. */
    private static Optional<String> classLayer(
            OpenNetwork network, List<Layer> listed, String measured) {
        return PredictedClasses.layerOf(listed, measured)
                .map(Layer::name)
                .filter(
                        name -> {
                            try {
                                return shape(network, name).rank() == 1;
                            } catch (DataException e) { // then classes are not known
                                return false;
                            }
                        });
    }

    /** The chosen layers in the model's order, and the place where each was asked for. */
    private Map<String, String> chosen(
            StudiedModel model, OpenNetwork network, List<Layer> listed) {
        var places = new LinkedHashMap<String, String>();
        if (model.layers().isEmpty()) {
            places.put(network.network().layer(), Places.model(model.name()));
            return places;
        }
        var names = listed.stream().map(Layer::name).toList();
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < model.layers().size(); i++) {
            var pattern = NamePattern.of(model.layers().get(i));
            var place = Places.layer(model.name(), i);
            attempts.make(place, () -> LayerNames.matching(pattern, listed))
                    .ifPresent(
                            matching -> matching.forEach(name -> found.putIfAbsent(name, place)));
        }
        for (var name : names) {
            if (found.containsKey(name)) {
                places.put(name, Objects.requireNonNull(found.get(name)));
            }
        }
        found.forEach(places::putIfAbsent); // calls and inputs of layers, which are not listed
        return places;
    }

    private static List<StudiedLayer> layers(List<PlannedModel> models) {
        return models.stream()
                .flatMap(
                        model ->
                                model.layers().stream()
                                        .map(layer -> new StudiedLayer(model.name(), layer.name())))
                .toList();
    }

    private List<PlannedPair> pairs(List<PlannedModel> models) {
        var layers = layers(models);
        var pairs = new LinkedHashSet<PlannedPair>();
        for (var reference : layers) {
            for (var target : layers) {
                if (experiment.pairs().stream().anyMatch(rule -> rule.holds(reference, target))) {
                    pairs.add(new PlannedPair(reference, target));
                }
            }
        }
        return List.copyOf(pairs);
    }

    /** A rule that no measured layers follow is a mistake. */
    private void checkPairLayers(List<PlannedModel> models) {
        var layers = layers(models);
        for (int i = 0; i < experiment.pairs().size(); i++) {
            var rule = experiment.pairs().get(i);
            boolean any =
                    layers.stream()
                            .anyMatch(
                                    reference ->
                                            layers.stream()
                                                    .anyMatch(
                                                            target ->
                                                                    rule.holds(reference, target)));
            if (!any) {
                mistakes.add(
                        new Mistake(
                                Places.pair(i),
                                "No measured layers are of this pair: 'layers' of the models lists what is measured (%s)."
                                        .formatted(
                                                String.join(
                                                        ", ",
                                                        layers.stream()
                                                                .map(StudiedLayer::toString)
                                                                .toList()))));
            }
        }
    }

    /** References need gradients, unless no search computes any. */
    private void checkGradients(List<PlannedModel> models, List<PlannedPair> pairs, Inputs inputs) {
        var searched =
                experiment.searches().stream()
                        .map(search -> search.settings())
                        .filter(settings -> settings.method().needsGradients())
                        .findFirst();
        if (searched.isEmpty()) {
            return;
        }
        for (var model : models) {
            for (var layer : model.layers()) {
                var at = new StudiedLayer(model.name(), layer.name());
                if (pairs.stream().anyMatch(pair -> pair.reference().equals(at))) {
                    attempts.make(
                            Places.model(model.name()),
                            () -> {
                                open(model.model(), inputs).checkGradient(layer.name());
                                return at;
                            });
                }
            }
        }
    }
}
