package stir.core.study.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Seed;
import stir.core.io.files.Sha256;
import stir.core.score.Acceptance;
import stir.core.score.StudiedLayer;
import stir.core.store.CacheKey;
import stir.core.store.LayerKey;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;

/**
 * The cache keys of a study's parts: by content, independent of the places and names of files. What
 * many parts have in common is hashed once. Thread-safe.
 */
public final class CacheKeys {
    /** The quantile of distances between different inputs by which invariant inputs are accepted. */
    private static final String ACCEPTANCE = "acceptance";

    private final StudyPlan plan;
    private final String labels;
    private final Map<StudiedLayer, CacheKey> layers = new ConcurrentHashMap<>();
    private final Map<Search, CacheKey> searches = new ConcurrentHashMap<>();

    private record Search(StudiedLayer reference, String name, int repeat) {}

    /** Creates the keys of a plan. */
    public CacheKeys(StudyPlan plan) {
        this.plan = plan;
        this.labels = labels(plan.inputs());
    }

    /** Returns the key of a layer's representations of the inputs. */
    CacheKey ofLayer(StudiedLayer at) {
        return layers.computeIfAbsent(at, this::newOfLayer);
    }

    private CacheKey newOfLayer(StudiedLayer at) {
        var model = plan.model(at.model());
        var key = LayerKey.of(model.model().spec(), model.identity(), plan.fingerprint(), at.layer());
        return plan.inputs()
                .facts()
                .range()
                .stored()
                .map(range -> key.with(CacheKey.RANGE, range))
                .orElse(key);
    }

    /** Returns the key of a search for the invariant inputs of all inputs. */
    public CacheKey ofSearch(StudiedLayer reference, SearchRun run) {
        return searches.computeIfAbsent(
                new Search(reference, run.search(), run.repeat()), unused -> newOfSearch(reference, run));
    }

    private CacheKey newOfSearch(StudiedLayer reference, SearchRun run) {
        var key = ofLayer(reference);
        var spec = plan.model(reference.model()).model().spec();
        if (!spec.moreLayers().isEmpty()) {
            var weights = new TreeMap<String, Double>();
            spec.moreLayers().forEach(layer -> weights.put(layer.name(), layer.weight()));
            key = key.with("layer_weight", Double.toString(spec.layerWeight())).with("more_layers", weights.toString());
        }
        var further = plan.model(reference.model()).references();
        for (int i = 0; i < further.size(); i++) {
            var other = further.get(i);
            var ofOther = LayerKey.of(other.reference().spec(), other.identity(), plan.fingerprint(), other.layer());
            key = key.with("reference_" + (i + 2), ofOther.hash())
                    .with(
                            "weight_of_reference_" + (i + 2),
                            Double.toString(other.reference().weight()));
        }
        return key.with(settings(run));
    }

    /**
     * Returns a search's settings by their keys; of a file only its name and the hash of its
     * content.
     */
    Map<String, String> settings(SearchRun run) {
        var values = new LinkedHashMap<String, String>();
        run.settings()
                .describe(file -> plan.files().getOrDefault(file.toString(), "not known"))
                .forEach((name, value) -> values.put(PlanDocument.key(name), value.toString()));
        run.settings().terms().forEach(term -> {
            var hash = plan.plugins().terms().get(term.id());
            if (hash != null) {
                values.put("term_" + term.id() + "_sha256", hash);
            }
        });
        values.putAll(labels(run));
        return values;
    }

    /** Returns the labels' hash for seeds of another class, which depend on the labels, too. */
    private Map<String, String> labels(SearchRun run) {
        return run.settings().seed() == Seed.Kind.OTHER_CLASS ? Map.of("labels", labels) : Map.of();
    }

    private static String labels(Inputs inputs) {
        var labels = new StringBuilder();
        for (int i = 0; i < inputs.count(); i++) {
            labels.append(inputs.facts().label(i)).append(' ');
        }
        return Sha256.of(labels.toString());
    }

    private CacheKey withComparison(CacheKey key) {
        var experiment = plan.experiment();
        return key.with("reduce", experiment.reduction().word()).with("memory", Long.toString(experiment.memory()));
    }

    /** Returns the hash of the key of a pair's similarity. */
    public String ofSimilarity(PlannedPair pair) {
        return withComparison(ofLayer(pair.target()))
                .with("reference", ofLayer(pair.reference()).hash())
                .with("rng_seed", Long.toString(intervalSeed()))
                .hash();
    }

    /** Returns the seed of the random numbers of the similarity's intervals. */
    public long intervalSeed() {
        var settings = plan.runs().stream().findFirst().map(SearchRun::settings).orElse(InversionSettings.DEFAULT);
        return settings.rngSeed();
    }

    /** Returns the hash of the key of a reference's ceiling. */
    public String ofCeiling(StudiedLayer reference, SearchRun run) {
        return withComparison(ofSearch(reference, run))
                .with(ACCEPTANCE, Double.toString(Acceptance.QUANTILE))
                .hash();
    }

    /** Returns the hash of the key of a target's floor. */
    public String ofFloor(StudiedLayer target, SearchRun run) {
        var key = withComparison(ofLayer(target));
        var settings = settings(run);
        for (var name : new String[] {"seed", "seed_sha256", "rng_seed", "labels"}) {
            var value = settings.get(name);
            key = value == null ? key : key.with(name, value);
        }
        return key.hash();
    }

    /** Returns the hash of the key of a score. */
    public String ofScore(PlannedPair pair, SearchRun run) {
        var key = withComparison(ofLayer(pair.target()));
        var head = plan.model(pair.target().model()).head();
        return head.map(hash -> key.with("head", hash))
                .orElse(key)
                .with("labels", labels)
                .with(ACCEPTANCE, Double.toString(Acceptance.QUANTILE))
                .with("search", ofSearch(pair.reference(), run).hash())
                .with("classes", plan.layer(pair.target()).classLayer().orElse("not known"))
                .hash();
    }
}
