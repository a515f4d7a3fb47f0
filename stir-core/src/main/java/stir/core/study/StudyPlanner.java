package stir.core.study;

import stir.api.DataException;
import stir.api.Layer;
import stir.api.NearestNames;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.extension.MeasureCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Rival;
import stir.core.inversion.start.SeedSource;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.OpenLayers;
import stir.core.score.compute.PredictedClasses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Opens what an experiment names, one model at a time, and finds out what there is to do. */
final class StudyPlanner {
    private final Stir stir;
    private final Experiment experiment;
    private final List<Mistake> mistakes;

    /**
     * A planner.
     *
     * @param mistakes receives what is wrong
     */
    StudyPlanner(Stir stir, Experiment experiment, List<Mistake> mistakes) {
        this.stir = stir;
        this.experiment = experiment;
        this.mistakes = mistakes;
    }

    /** Something to try that may show a mistake. */
    @FunctionalInterface
    private interface Attempt<T> {
        T make();
    }

    private <T> Optional<T> attempt(String place, Attempt<T> attempt) {
        try {
            return Optional.of(attempt.make());
        } catch (StirException e) {
            mistakes.add(new Mistake(place, e.getMessage()));
            return Optional.empty();
        }
    }

    /** What there is to do, as far as it is without mistakes. */
    Optional<StudyPlan> plan() {
        for (int i = 0; i < experiment.measures().size(); i++) {
            var measure = experiment.measures().get(i);
            attempt(
                    Places.measure(i),
                    () -> new MeasureCatalogue(stir.extensions()).select(List.of(measure)));
        }
        var inputs =
                attempt(
                        Places.INPUTS,
                        () -> {
                            var all = Inputs.open(experiment.inputs());
                            return experiment.limit().isPresent()
                                    ? all.limit(experiment.limit().getAsInt())
                                    : all;
                        });
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < experiment.searches().size(); i++) {
            var settings = experiment.searches().get(i).settings();
            var place = Places.search(i);
            attempt(place, () -> new SeedSource(settings.seed(), settings.rngSeed(), inputs.get()));
            settings.objective()
                    .rival()
                    .ifPresent(rival -> attempt(place, () -> shape(rival, inputs.get())));
        }
        var models = new ArrayList<PlannedModel>();
        for (var model : experiment.models()) {
            attempt(Places.model(model.name()), () -> planned(model, inputs.get()))
                    .flatMap(found -> found)
                    .ifPresent(models::add);
        }
        if (models.size() < experiment.models().size()) {
            return Optional.empty();
        }
        var plan = new StudyPlan(experiment, inputs.get(), models, pairs(models));
        mistakes.addAll(new MeasureFit(stir, plan).mistakes());
        return Optional.of(plan);
    }

    /** The shape at which the second network of a search is measured. */
    private Shape shape(Rival rival, Inputs inputs) {
        try (var network = stir.open(NetworkSpec.of(rival));
                var layers = new OpenLayers(network, inputs.shape(), 1)) {
            return layers.shape(network.layer());
        }
    }

    private Optional<PlannedModel> planned(StudiedModel model, Inputs inputs) {
        try (var network = stir.open(model.spec());
                var layers = new OpenLayers(network, inputs.shape(), 1)) {
            var listed = layers.listed();
            var chosen = chosen(model, network, listed);
            var planned = new ArrayList<PlannedLayer>();
            var classShapes = new LinkedHashMap<String, Shape>();
            for (var choice : chosen.entrySet()) {
                attempt(choice.getValue(), () -> layers.shape(choice.getKey()))
                        .ifPresent(
                                shape -> {
                                    var classes = classLayer(layers, listed, choice.getKey());
                                    classes.ifPresent(
                                            name -> classShapes.put(name, layers.shape(name)));
                                    planned.add(new PlannedLayer(choice.getKey(), shape, classes));
                                });
            }
            return planned.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new PlannedModel(
                                    model,
                                    network.sha256(),
                                    network.backend(),
                                    layers.modelShape(),
                                    layers.layout(),
                                    planned,
                                    classShapes));
        }
    }

    /** The layer that tells classes behind a measured one, if the network can be cut there. */
    private static Optional<String> classLayer(
            OpenLayers layers, List<Layer> listed, String measured) {
        return PredictedClasses.layerOf(listed, measured)
                .map(Layer::name)
                .filter(
                        name -> {
                            try {
                                return layers.shape(name).rank() == 1;
                            } catch (DataException e) { // then classes can't be told
                                return false;
                            }
                        });
    }

    /** The chosen layers in the model's order, and the place where each was asked for. */
    private Map<String, String> chosen(StudiedModel model, Network network, List<Layer> listed) {
        var places = new LinkedHashMap<String, String>();
        if (model.layers().isEmpty()) {
            places.put(network.layer(), Places.model(model.name()));
            return places;
        }
        var names = listed.stream().map(Layer::name).toList();
        var found = new LinkedHashMap<String, String>();
        for (int i = 0; i < model.layers().size(); i++) {
            var pattern = NamePattern.of(model.layers().get(i));
            var place = Places.layer(model.name(), i);
            attempt(place, () -> matching(pattern, listed))
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

    /** The layers of a pattern; a plain name is left to the model, which may know more. */
    private static List<String> matching(NamePattern pattern, List<Layer> listed) {
        if (pattern.isName()) {
            return List.of(pattern.text());
        }
        var usable =
                listed.stream()
                        .filter(layer -> layer.obstacle().isEmpty())
                        .map(Layer::name)
                        .toList();
        var matching = pattern.in(usable);
        if (matching.isEmpty()) {
            throw new UsageException(
                    "No layer matches '%s': the nearest of %d are %s."
                            .formatted(
                                    pattern.text(),
                                    usable.size(),
                                    String.join(
                                            ", ", NearestNames.nearest(pattern.text(), usable))));
        }
        return matching;
    }

    private List<PlannedPair> pairs(List<PlannedModel> models) {
        var layers =
                models.stream()
                        .flatMap(
                                model ->
                                        model.layers().stream()
                                                .map(
                                                        layer ->
                                                                new StudiedLayer(
                                                                        model.name(),
                                                                        layer.name())))
                        .toList();
        var pairs = new LinkedHashSet<PlannedPair>();
        for (var reference : layers) {
            for (var target : layers) {
                if (experiment.pairs().stream().anyMatch(rule -> rule.holds(reference, target))) {
                    pairs.add(new PlannedPair(reference, target));
                }
            }
        }
        for (int i = 0; i < experiment.pairs().size(); i++) {
            checkRule(i, layers);
        }
        return List.copyOf(pairs);
    }

    /** A rule that no pair follows is a mistake. */
    private void checkRule(int index, List<StudiedLayer> layers) {
        var rule = experiment.pairs().get(index);
        var names = layers.stream().map(StudiedLayer::model).distinct().toList();
        for (var model : List.of(rule.reference(), rule.target())) {
            if (NamePattern.of(model).in(names).isEmpty()) {
                mistakes.add(
                        new Mistake(
                                Places.pair(index), NearestNames.sentence("model", model, names)));
                return;
            }
        }
        boolean any =
                layers.stream()
                        .anyMatch(
                                reference ->
                                        layers.stream()
                                                .anyMatch(target -> rule.holds(reference, target)));
        if (!any) {
            mistakes.add(
                    new Mistake(
                            Places.pair(index),
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
