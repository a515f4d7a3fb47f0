package stir.core.study;

import stir.api.DataException;
import stir.api.Scope;
import stir.core.Stir;
import stir.core.arrays.NpyWriter;
import stir.core.inversion.start.SeedSource;
import stir.core.network.Network;
import stir.core.network.pass.OpenLayers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * The steps of a study that need its models: inversions, and what networks make of what they are
 * shown. One model is open at a time; what is there is not made again.
 */
final class StudySteps {
    private final Stir stir;
    private final StudyStore store;
    private final StudyNeeds needs;
    private final RunLog log;
    private int inversions;
    private int inversionsReused;
    private int representations;
    private int representationsReused;

    StudySteps(Stir stir, StudyStore store, StudyNeeds needs, RunLog log) {
        this.stir = stir;
        this.store = store;
        this.needs = needs;
        this.log = log;
    }

    int inversions() {
        return inversions;
    }

    int inversionsReused() {
        return inversionsReused;
    }

    int representations() {
        return representations;
    }

    int representationsReused() {
        return representationsReused;
    }

    /** Stores inputs and seeds. */
    void prepare() {
        if (!store.hasInputs()) {
            store.writeInputs();
        }
        for (var run : needs.runs()) {
            if (!store.hasSeeds(run)) {
                var settings = run.settings();
                var seeds =
                        new SeedSource(settings.seed(), settings.rngSeed(), store.plan().inputs());
                store.writeSeeds(run, seeds::write);
            }
        }
    }

    /** Makes all inversions that are not there. */
    void invert() {
        for (var model : store.plan().models()) {
            var references =
                    store.plan().references().stream()
                            .filter(at -> at.model().equals(model.name()))
                            .toList();
            var open = new LateNetwork(() -> open(model));
            try (open) {
                for (var reference : references) {
                    for (var run : needs.runs()) {
                        invert(open, reference, run);
                    }
                }
            }
        }
        log.step(
                "inversions: %d of %d (%d made now, %d reused)"
                        .formatted(
                                inversions + inversionsReused,
                                store.plan().inversions(),
                                inversions,
                                inversionsReused));
    }

    private void invert(LateNetwork open, StudiedLayer reference, SearchRun run) {
        if (store.hasInversion(reference, run)) {
            inversionsReused++;
            return;
        }
        checkInterrupted();
        log.step(
                "inversion %d of %d: %s, %s"
                        .formatted(
                                inversions + inversionsReused + 1,
                                store.plan().inversions(),
                                reference,
                                run));
        var inversion =
                stir.invert(
                        open.get().at(reference.layer()),
                        store.plan().inputs(),
                        run.settings(),
                        store.searchFolder(reference, run),
                        log.listener());
        store.write(reference, run, inversion);
        inversions++;
    }

    private Network open(PlannedModel model) {
        var network = stir.open(model.model().spec());
        if (!network.sha256().equals(model.sha256())) {
            network.close();
            throw new DataException(
                    "%s has changed while the study ran: run it again."
                            .formatted(model.model().spec().file()));
        }
        return network;
    }

    /** A network that is opened when it is needed for the first time. */
    private static final class LateNetwork implements AutoCloseable {
        private final Supplier<Network> opening;
        private final List<Network> opened = new ArrayList<>(1);

        LateNetwork(Supplier<Network> opening) {
            this.opening = opening;
        }

        Network get() {
            if (opened.isEmpty()) {
                opened.add(opening.get());
            }
            return opened.get(0);
        }

        @Override
        public void close() {
            opened.forEach(Network::close);
        }
    }

    /** Computes all representations that are not there. */
    void represent() {
        for (var model : store.plan().models()) {
            try (var open = new LateNetwork(() -> open(model))) {
                represent(model, open);
            }
        }
        log.step(
                "representations: %d (%d computed now, %d reused)"
                        .formatted(
                                representations + representationsReused,
                                representations,
                                representationsReused));
    }

    private void represent(PlannedModel model, LateNetwork open) {
        for (var entry : needs.of(model).entrySet()) {
            var shown = entry.getKey();
            var missing =
                    entry.getValue().stream()
                            .filter(
                                    layer ->
                                            !store.hasRepresentations(
                                                    new StudiedLayer(model.name(), layer), shown))
                            .toList();
            representationsReused += entry.getValue().size() - missing.size();
            if (!missing.isEmpty()) {
                checkInterrupted();
                represent(model, open.get(), shown, missing);
                representations += missing.size();
            }
        }
    }

    private void represent(PlannedModel model, Network network, Shown shown, List<String> layers) {
        var plan = store.plan();
        int count = plan.inputs().count();
        int batch = Math.min(count, plan.experiment().searches().get(0).settings().batchSize());
        try (var rows = store.shown(shown);
                var open = new OpenLayers(network, plan.inputs().shape(), batch);
                var scope = new Scope()) {
            var writers = new LinkedHashMap<String, NpyWriter>();
            for (var layer : layers) {
                var file = store.file(new StudiedLayer(model.name(), layer), shown);
                writers.put(
                        layer,
                        scope.own(new NpyWriter(WholeFile.begin(file), count, open.shape(layer))));
            }
            open.represent(
                    layers,
                    rows::read,
                    count,
                    part ->
                            writers.forEach(
                                    (layer, writer) ->
                                            writer.write(Objects.requireNonNull(part.get(layer)))));
            writers.forEach(
                    (layer, writer) -> {
                        writer.complete();
                        var at = new StudiedLayer(model.name(), layer);
                        WholeFile.complete(store.file(at, shown));
                        store.complete(at, shown);
                    });
        }
    }

    private static void checkInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The study was interrupted");
        }
    }
}
