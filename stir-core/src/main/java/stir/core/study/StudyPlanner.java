package stir.core.study;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Layer;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.search.NearestCandidates;
import stir.core.inversion.search.SearchedNetworks;
import stir.core.inversion.search.SeedSource;
import stir.core.io.files.ContentHash;
import stir.core.io.files.FileSize;
import stir.core.network.Inconsistency;
import stir.core.network.ModelIdentity;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.UnitSample;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.machine.Machine;
import stir.core.score.StudiedLayer;
import stir.core.score.compute.PredictedClasses;
import stir.core.store.Fingerprint;
import stir.core.study.names.Locations;
import stir.core.study.names.NamePattern;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.PlannedReference;
import stir.core.study.plan.PluginHashes;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudyPlan;
import stir.core.study.run.ArrayModel;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.OpenNetwork;
import stir.core.study.run.StudyResources;

/** Opens the models of an experiment, one after the other, and plans its work. */
final class StudyPlanner {
    /** The largest number of pairs of layers: each needs a score, and memory during planning. */
    private static final long MOST_PAIRS = 1_000_000;

    private final StudyResources resources;
    private final NetworkPool networks;
    private final Experiment experiment;
    private final Optional<Inputs> given;
    private final boolean scored;
    private final List<String> modelNames;
    private final ProblemCollector problems = new ProblemCollector();

    /**
     * Creates a planner.
     *
     * @param resources the measures and terms that there are
     * @param networks the opener of models, which stay open
     * @param given the inputs, if they are open already; the experiment's path only names them then
     * @param scored whether there are scores, which need suitable measures and classes
     * @param modelNames the names of all models, even if they have problems and are not in the
     *     experiment
     */
    StudyPlanner(
            StudyResources resources,
            NetworkPool networks,
            Experiment experiment,
            Optional<Inputs> given,
            boolean scored,
            List<String> modelNames) {
        this.resources = resources;
        this.networks = networks;
        this.experiment = experiment;
        this.given = given;
        this.scored = scored;
        this.modelNames = modelNames;
    }

    /**
     * A plan with its problems.
     *
     * @param plan the part of the work without problems; empty without inputs
     * @param problems the problems of the experiment
     */
    record Planned(Optional<StudyPlan> plan, List<Problem> problems) {}

    /** Plans the work. */
    Planned plan() {
        var plan = planned();
        return new Planned(plan, problems.all());
    }

    private Optional<StudyPlan> planned() {
        var parts = new PartsCheck(resources.measures(), networks);
        var ofMeasures = parts.checkMeasures(experiment.measures());
        problems.addAll(ofMeasures);
        var ofPairs = parts.checkPairs(experiment.pairs(), modelNames);
        problems.addAll(ofPairs);
        var inputs = problems.attempt(Locations.INPUTS, this::inputs);
        if (inputs.isEmpty()) {
            experiment.models().forEach(model -> problems.addAll(parts.checkLayers(model)));
            return Optional.empty();
        }
        var files = checkSearches(inputs.get());
        int before = problems.all().size();
        var models = new ArrayList<PlannedModel>();
        for (var model : experiment.models()) {
            problems.attempt(Locations.model(model.name()), () -> planned(model, inputs.get()))
                    .flatMap(planned -> planned)
                    .ifPresent(models::add);
        }
        boolean complete = problems.all().size() == before && models.size() == modelNames.size();
        var pairs = pairs(models);
        if (complete && ofPairs.isEmpty()) {
            checkPairLayers(models);
        }
        checkGradients(models, pairs, inputs.get());
        var plan = new StudyPlan(
                experiment,
                inputs.get(),
                Fingerprint.of(inputs.get()),
                files,
                plugins(ofMeasures.isEmpty()),
                models,
                complete ? pairs : List.of());
        if (scored) {
            problems.addAll(new MeasureValidation(resources.measures(), plan).problems());
        }
        return Optional.of(plan);
    }

    private PluginHashes plugins(boolean hasMeasures) {
        var terms = new TreeMap<String, String>();
        experiment.searches().stream()
                .flatMap(search -> search.settings().terms().stream())
                .forEach(term -> resources.terms().sha256(term.id()).ifPresent(hash -> terms.put(term.id(), hash)));
        return new PluginHashes(hasMeasures ? resources.measures().sha256(experiment.measures()) : Map.of(), terms);
    }

    private Inputs inputs() {
        var samples = experiment.samples();
        var all = given.or(() -> samples.flatMap(networks::arrays).map(ArrayModel::samples))
                .orElseGet(() -> experiment.inputs().open());
        var used = experiment.limit().isPresent() ? all.limit(experiment.limit().getAsInt()) : all;
        experiment.protocol().ifPresent(protocol -> protocol.checkInputs(used.count()));
        return used;
    }

    /** Checks the searches and returns the hashes of the files that they name, by path. */
    private Map<String, String> checkSearches(Inputs inputs) {
        var files = new TreeMap<String, String>();
        for (int i = 0; i < experiment.searches().size(); i++) {
            var settings = experiment.searches().get(i).settings();
            var place = Locations.search(i);
            problems.check(place, () -> new SeedSource(settings.seed(), settings.rngSeed(), inputs));
            for (var term : settings.terms()) {
                problems.check(place, () -> resources.terms().check(term.id(), term.parameters(), inputs.shape()));
            }
            if (settings.method() instanceof NearestNeighbour nearest
                    && nearest.candidates().stream().allMatch(Files::exists)) {
                problems.check(place, () -> NearestCandidates.of(nearest, inputs));
            }
            settings.secondNetwork()
                    .ifPresent(second -> problems.check(place, () -> checkSecond(second.spec(), inputs)));
            for (var file : settings.files().values()) {
                problems.check(place, () -> files.computeIfAbsent(file.toString(), key -> ContentHash.of(file)));
            }
        }
        return files;
    }

    /** Opens an additional network for searches and checks that it accepts the inputs. */
    private Network checked(NetworkSpec spec, Inputs inputs) {
        var network = networks.open(spec).on(inputs);
        try (var cut = CutNetwork.withoutGradients(network, inputs, 1)) {
            cut.inconsistency(inputs).ifPresent(inconsistency -> {
                throw new DataException(inconsistency.sentence(network.name()) + ".");
            });
            return network;
        }
    }

    private void checkSecond(NetworkSpec spec, Inputs inputs) {
        try {
            checked(spec, inputs);
        } catch (UsageException | DataException e) {
            throw e.refusal().remedies().contains(Remedy.GIVE_INPUT) ? ofSecond(e) : e;
        }
    }

    /** Returns a copy of this message with the remedies for a second network. */
    private static StirException ofSecond(StirException e) {
        var sentence = "The second network (second-input gives its inputs): " + e.getMessage();
        Remedy[] remedies = {Remedy.GIVE_SECOND_INPUT, Remedy.NAME_SECOND_SEARCHED_INPUT};
        return e instanceof DataException
                ? new DataException(sentence, e, remedies)
                : new UsageException(sentence, e, remedies);
    }

    private Network checkedReference(NetworkSpec spec, Inputs inputs) {
        try {
            return checked(spec, inputs);
        } catch (UsageException e) {
            throw e.refusal().remedies().contains(Remedy.NAME_LAYER)
                    ? new UsageException(e.getMessage(), e, Remedy.NAME_REFERENCE_LAYER)
                    : e;
        }
    }

    /** Opens the additional references of a model and checks that all searches can match them. */
    private List<PlannedReference> references(StudiedModel model, Inputs inputs) {
        var planned = new ArrayList<PlannedReference>();
        var settings =
                experiment.searches().stream().map(search -> search.settings()).toList();
        for (var reference : model.spec().references()) {
            if (settings.isEmpty()) {
                throw new UsageException(
                        "Several references require a search: use a search other than 'none', or a single reference.");
            }
            settings.forEach(search -> SearchedNetworks.check(model.spec(), search.method()));
            var network = checkedReference(reference.spec(), inputs);
            if (settings.stream().anyMatch(search -> search.method().needsGradients())) {
                CutNetwork.of(network, network.layer(), inputs, 1, FakeRelu.NONE)
                        .close();
            }
            planned.add(new PlannedReference(reference, network.identity(), network.layer()));
        }
        return planned;
    }

    private OpenNetwork open(StudiedModel model, Inputs inputs) {
        return networks.get(model, inputs);
    }

    private Optional<PlannedModel> planned(StudiedModel model, Inputs inputs) {
        var arrays = networks.arrays(model);
        if (arrays.isPresent()) {
            return Optional.of(planned(model, arrays.get(), inputs));
        }
        var network = open(model, inputs);
        experiment
                .searches()
                .forEach(search -> SearchedNetworks.checkWholeNumbers(network.network(), search.settings()));
        var listed = network.listed();
        var references = references(model, inputs);
        var planned = new ArrayList<PlannedLayer>();
        var classShapes = new LinkedHashMap<String, Shape>();
        for (var choice : chosen(model, network, listed).entrySet()) {
            problems.attempt(choice.getValue(), () -> shape(network, choice.getKey()))
                    .ifPresent(shape -> {
                        var name = choice.getKey();
                        var classes = scored ? classLayer(network, listed, name) : Optional.<String>empty();
                        classes.ifPresent(at -> classShapes.put(at, shape(network, at)));
                        planned.add(new PlannedLayer(name, shape, classes));
                    });
        }
        return planned.isEmpty()
                ? Optional.empty()
                : Optional.of(new PlannedModel(
                        model,
                        network.network().identity(),
                        network.modelShape(),
                        network.layout(),
                        planned,
                        classShapes,
                        Machine.of(network.network().model().runtime()).facts(),
                        FileSize.of(model.spec().file()),
                        inconsistency(network, planned.get(planned.size() - 1), inputs),
                        references,
                        head(model, network, planned, inputs)));
    }

    /** Checks the head of a model and returns its hash. */
    private Optional<String> head(StudiedModel model, OpenNetwork network, List<PlannedLayer> layers, Inputs inputs) {
        return model.headSpec()
                .flatMap(spec -> problems.attempt(
                        Locations.model(model.name()) + ".head",
                        () -> new HeadCheck(networks, network, layers, inputs).check(spec)));
    }

    private PlannedModel planned(StudiedModel model, ArrayModel arrays, Inputs inputs) {
        if (!experiment.searches().isEmpty()) {
            throw new UsageException(
                    "'%s' has stored arrays and no network, so a search is not possible: write 'search: none' to compare only the representations."
                            .formatted(model.name()));
        }
        arrays.check(inputs, experiment.limit().isEmpty());
        var layers = new ArrayList<PlannedLayer>();
        var none = Optional.<String>empty();
        arrays.shapes().forEach((at, shape) -> layers.add(new PlannedLayer(at, shape, none)));
        return new PlannedModel(
                model,
                ModelIdentity.of(arrays.sha256(), "arrays"),
                inputs.shape(),
                arrays.layout(),
                layers,
                Map.of(),
                Machine.of(Map.of()).facts(),
                arrays.bytes(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Examines the network at a layer; a pass that fails is left to the work itself. */
    private static Optional<Inconsistency> inconsistency(OpenNetwork network, PlannedLayer layer, Inputs inputs) {
        try {
            return network.cut(layer.name()).inconsistency(inputs);
        } catch (StirException e) {
            return Optional.empty();
        }
    }

    private static Shape shape(OpenNetwork network, String layer) {
        return network.cut(layer).representationShape();
    }

    /**
     * Returns the layer of classes after a measured one, if the network can be cut there. A sample
     * of units has none: what follows depends on the other units, too.
     */
    private static Optional<String> classLayer(OpenNetwork network, List<Layer> listed, String measured) {
        return Optional.of(measured)
                .filter(name -> UnitSample.named(name).isEmpty())
                .flatMap(name -> PredictedClasses.layerOf(listed, name))
                .map(Layer::name)
                .filter(name -> {
                    try {
                        return shape(network, name).rank() == 1;
                    } catch (DataException e) { // then classes are unknown
                        return false;
                    }
                });
    }

    /** Returns the chosen layers in the model's order, and the place that asked for each. */
    private Map<String, String> chosen(StudiedModel model, OpenNetwork network, List<Layer> listed) {
        var places = new LinkedHashMap<String, String>();
        if (model.layers().isEmpty()) {
            places.put(network.layer(), Locations.model(model.name()));
            return places;
        }
        var names = listed.stream().map(Layer::name).toList();
        var matched = new LinkedHashMap<String, String>();
        for (int i = 0; i < model.layers().size(); i++) {
            var pattern = NamePattern.of(model.layers().get(i));
            var place = Locations.layer(model.name(), i);
            problems.attempt(place, () -> LayerNames.matching(network.network().name(), pattern, listed))
                    .ifPresent(matching -> matching.forEach(name -> matched.putIfAbsent(name, place)));
        }
        for (var name : names) {
            if (matched.containsKey(name)) {
                places.put(name, Objects.requireNonNull(matched.get(name)));
            }
        }
        matched.forEach(places::putIfAbsent); // calls and inputs of layers, which are not listed
        return places;
    }

    private static List<StudiedLayer> layers(List<PlannedModel> models) {
        var layers = new ArrayList<StudiedLayer>();
        for (var model : models) {
            model.layers().forEach(at -> layers.add(new StudiedLayer(model.name(), at.name())));
        }
        return layers;
    }

    private List<PlannedPair> pairs(List<PlannedModel> models) {
        var layers = layers(models);
        long count = experiment.pairs().stream()
                .mapToLong(rule -> rule.count(layers))
                .sum();
        if (count > MOST_PAIRS) {
            problems.add(
                    Locations.pair(0),
                    "These are %d pairs of layers, and a study compares at most %d: use fewer layers or pairs."
                            .formatted(count, MOST_PAIRS));
            return List.of();
        }
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

    /** Checks that each rule has measured layers. */
    private void checkPairLayers(List<PlannedModel> models) {
        var layers = layers(models);
        for (int i = 0; i < experiment.pairs().size(); i++) {
            var rule = experiment.pairs().get(i);
            if (layers.stream().noneMatch(at -> layers.stream().anyMatch(to -> rule.holds(at, to)))) {
                var measured = layers.stream().map(StudiedLayer::toString).toList();
                problems.add(
                        Locations.pair(i),
                        "This pair has no measured layers: 'layers' of the models lists them (%s)."
                                .formatted(String.join(", ", measured)));
            }
        }
    }

    /** Checks that references have gradients, unless no search computes them. */
    private void checkGradients(List<PlannedModel> models, List<PlannedPair> pairs, Inputs inputs) {
        var searched = experiment.searches().stream()
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
                    problems.check(
                            Locations.model(model.name()),
                            () -> open(model.model(), inputs).checkGradient(layer.name()));
                }
            }
        }
    }
}
