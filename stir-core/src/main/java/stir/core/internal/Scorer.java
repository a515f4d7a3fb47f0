package stir.core.internal;

import com.google.inject.Inject;

import stir.api.Matrix;
import stir.core.extension.MeasureCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.ResultFolder;
import stir.core.inversion.search.Inverter;
import stir.core.network.Network;
import stir.core.network.NetworkSummary;
import stir.core.network.open.ModelOpener;
import stir.core.network.pass.HookedNetwork;
import stir.core.progress.ProgressListener;
import stir.core.score.Comparison;
import stir.core.score.ScoreSettings;
import stir.core.score.compute.Similarities;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares two networks: invariant inputs of each, seen by the other. */
public final class Scorer {
    private final Inverter inverter;
    private final MeasureCatalogue measures;
    private final ModelOpener opener;

    @Inject
    Scorer(Inverter inverter, MeasureCatalogue measures, ModelOpener opener) {
        this.inverter = inverter;
        this.measures = measures;
        this.opener = opener;
    }

    /** Compares two networks in both directions. */
    public Comparison compare(
            Network a,
            Network b,
            Inputs inputs,
            ScoreSettings settings,
            Optional<ResultFolder> folder,
            ProgressListener listener) {
        var similarities = new Similarities(measures.select(settings.measures()));
        var inversion = settings.inversion();
        int batchSize = Math.min(inversion.batchSize(), inputs.count());
        try (var first = HookedNetwork.forSearch(a, inputs.shape(), batchSize, inversion, opener);
                var second =
                        HookedNetwork.forSearch(b, inputs.shape(), batchSize, inversion, opener);
                var place = ComparisonPlace.of(folder, first, second, inputs, settings)) {
            var cautions = new LinkedHashSet<String>();
            var pair = new NetworkPair(inverter, inputs, settings, similarities, cautions::add);
            var plain = pair.similarity(first, second);
            var bGivenA = pair.score(second, first, place.searchOfA(), listener);
            var aGivenB = pair.score(first, second, place.searchOfB(), listener);
            return new Comparison(
                    summary(first),
                    summary(second),
                    inputs.source(),
                    inputs.count(),
                    inputs.shape(),
                    plain,
                    aGivenB,
                    bGivenA,
                    List.copyOf(cautions),
                    settings,
                    versions());
        }
    }

    /** Finds invariant inputs of one network. */
    public Inversion invert(
            Network reference,
            Inputs inputs,
            InversionSettings settings,
            Optional<ResultFolder> folder,
            ProgressListener listener) {
        int batchSize = Math.min(settings.batchSize(), inputs.count());
        try (var hooked =
                HookedNetwork.forSearch(reference, inputs.shape(), batchSize, settings, opener)) {
            return inverter.invert(hooked, settings, Keeping.of(folder, inputs), listener);
        }
    }

    /** Compares two matrices with some measures. */
    public Map<String, Double> similarity(Matrix a, Matrix b, List<String> ids) {
        return new Similarities(measures.select(ids)).compare(a, b);
    }

    /** Why the values of two matrices should not be trusted. */
    public List<String> cautions(Matrix a, Matrix b, List<String> ids) {
        return new Similarities(measures.select(ids)).cautions(a, b);
    }

    private static NetworkSummary summary(HookedNetwork hooked) {
        var network = hooked.network();
        return new NetworkSummary(
                network.name(),
                network.sha256(),
                network.backend(),
                network.layer(),
                hooked.representationShape(),
                hooked.modelShape());
    }

    private static Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        versions.put("stir", StirVersion.current());
        versions.put("java", Runtime.version().toString());
        return versions;
    }
}
