package stir.core.study;

import stir.api.Batch;
import stir.core.Stir;
import stir.core.files.Sha256;
import stir.core.inputs.Inputs;
import stir.core.inversion.Seed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * What each part of a study depends on: by content, wherever files lie and whatever they are
 * called.
 *
 * @param plan what is studied
 * @param inputs the hash of the inputs
 */
record StudyKeys(StudyPlan plan, String inputs) {
    /** The keys of a plan; reads all inputs. */
    static StudyKeys of(StudyPlan plan) {
        return new StudyKeys(plan, hash(plan.inputs()));
    }

    private static String hash(Inputs inputs) {
        var digest = Sha256.digest();
        digest.update(inputs.shape().toString().getBytes(StandardCharsets.UTF_8));
        var row = Batch.allocate(1, inputs.shape());
        var bytes = ByteBuffer.allocate(Float.BYTES * row.rowSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < inputs.count(); i++) {
            inputs.read(i, row, 0);
            bytes.asFloatBuffer().put(row.buffer());
            digest.update(bytes.array());
        }
        return Sha256.hex(digest);
    }

    /** The hash of a key, which stands for it in others. */
    static String hash(Key key) {
        return Sha256.of(key.text());
    }

    Key ofInputs() {
        return versioned().with("inputs", inputs);
    }

    private static Key versioned() {
        return new Key(new TreeMap<>()).with("stir version", Stir.version());
    }

    private Key ofLayer(StudiedLayer at) {
        var model = plan.model(at.model());
        var spec = model.model().spec();
        return ofInputs()
                .with("model file", model.sha256())
                .with("backend", model.backend())
                .with("device", spec.device().toString())
                .with("settings", new TreeMap<>(spec.settings()).toString())
                .with("mean", spec.preprocessing().mean().toString())
                .with("std", spec.preprocessing().standardDeviation().toString())
                .with(
                        "layout",
                        spec.preprocessing()
                                .layout()
                                .map(Enum::toString)
                                .orElse("as the file tells"))
                .with("layer", at.layer());
    }

    /** An inversion of all inputs. */
    Key ofInversion(StudiedLayer reference, SearchRun run) {
        return searched(ofLayer(reference), run);
    }

    private Key searched(Key key, SearchRun run) {
        for (var setting : run.settings().describe().entrySet()) {
            key = key.with(setting.getKey(), setting.getValue().toString());
        }
        return withLabels(key, run);
    }

    /** Seeds of another class depend on the labels too. */
    private Key withLabels(Key key, SearchRun run) {
        if (!(run.settings().seed() instanceof Seed.OtherClass)) {
            return key;
        }
        var labels = new StringBuilder();
        for (int i = 0; i < plan.inputs().count(); i++) {
            labels.append(plan.inputs().label(i)).append(' ');
        }
        return key.with("labels", Sha256.of(labels.toString()));
    }

    Key ofSeeds(SearchRun run) {
        var described = run.settings().describe();
        var key = ofInputs();
        for (var name : new String[] {"seed", "seed-sha256", "rng-seed"}) {
            var value = described.get(name);
            key = value == null ? key : key.with(name, value.toString());
        }
        return withLabels(key, run);
    }

    /** What a layer makes of what it is shown. */
    Key ofRepresentations(StudiedLayer at, Shown shown) {
        var key = ofLayer(at);
        if (shown instanceof Shown.Seeds seeds) {
            return key.with("seeds", hash(ofSeeds(seeds.run())));
        }
        if (shown instanceof Shown.Invariant invariant) {
            return key.with(
                    "invariant inputs", hash(ofInversion(invariant.reference(), invariant.run())));
        }
        return key;
    }

    Key ofSimilarity(PlannedPair pair) {
        return measured()
                .with("target", hash(ofRepresentations(pair.target(), Shown.INPUTS)))
                .with("reference", hash(ofRepresentations(pair.reference(), Shown.INPUTS)));
    }

    Key ofScore(PlannedPair pair, SearchRun run) {
        var shown = new Shown.Invariant(pair.reference(), run);
        return measured()
                .with("target", hash(ofRepresentations(pair.target(), shown)))
                .with("reference", hash(ofRepresentations(pair.reference(), shown)))
                .with("classes", plan.layer(pair.target()).classLayer().orElse("can't be told"));
    }

    private Key measured() {
        var experiment = plan.experiment();
        return versioned()
                .with("measures", experiment.measures().toString())
                .with("reduce", experiment.reduction().word());
    }
}
