package stir.core.internal;

import com.google.inject.Inject;

import stir.api.Batch;
import stir.api.Matrix;
import stir.core.Comparison;
import stir.core.DirectedScore;
import stir.core.Network;
import stir.core.NetworkSummary;
import stir.core.ProgressListener;
import stir.core.ScoreSettings;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Compares two networks: invariant inputs of each, seen by the other. */
public final class Scorer {
    private final Inverter inverter;
    private final MeasureCatalogue measures;

    @Inject
    Scorer(Inverter inverter, MeasureCatalogue measures) {
        this.inverter = inverter;
        this.measures = measures;
    }

    /** Compares two networks in both directions. */
    public Comparison compare(
            Network a,
            Network b,
            Inputs inputs,
            ScoreSettings settings,
            ProgressListener listener) {
        var similarities = new Similarities(measures.select(settings.measures()));
        var inversion = settings.inversion();
        int batchSize = Math.min(inversion.batchSize(), inputs.count());
        try (var first = HookedNetwork.forSearch(a, inputs.shape(), batchSize, inversion);
                var second = HookedNetwork.forSearch(b, inputs.shape(), batchSize, inversion)) {
            var plain =
                    similarities.compare(
                            new Pairs(first, inputs::read, second, inputs::read, inputs.count()));
            var cautions = new LinkedHashSet<String>();
            cautions.addAll(
                    similarities.cautions(
                            inputs.count(),
                            first.representationShape().size(),
                            second.representationShape().size()));
            var bGivenA = score(second, first, inputs, inversion, similarities, listener);
            var aGivenB = score(first, second, inputs, inversion, similarities, listener);
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
            ProgressListener listener) {
        int batchSize = Math.min(settings.batchSize(), inputs.count());
        try (var hooked = HookedNetwork.forSearch(reference, inputs.shape(), batchSize, settings)) {
            return inverter.invert(hooked, inputs, settings, listener);
        }
    }

    /** Compares two matrices with some measures. */
    public Map<String, Double> similarity(Matrix a, Matrix b, List<String> ids) {
        return new Similarities(measures.select(ids)).compare(a, b);
    }

    private DirectedScore score(
            HookedNetwork target,
            HookedNetwork reference,
            Inputs inputs,
            InversionSettings settings,
            Similarities similarities,
            ProgressListener listener) {
        var inversion = inverter.invert(reference, inputs, settings, listener);
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        int count = inputs.count();
        Rows invariant =
                (index, into, row) -> into.copyRow(inversion.invariantInputs(), index, row);
        int[] order = KeyedRandom.derangement(settings.rngSeed(), count);
        Rows shuffled = (index, into, row) -> invariant.read(order[index], into, row);
        return new DirectedScore(
                similarities.compare(new Pairs(target, inputs::read, target, invariant, count)),
                similarities.compare(
                        new Pairs(reference, inputs::read, reference, invariant, count)),
                similarities.compare(new Pairs(target, inputs::read, target, seeds::write, count)),
                similarities.compare(new Pairs(target, inputs::read, target, shuffled, count)),
                inversion);
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

    /** Two networks' representations of two sets of rows, computed in parts of a batch. */
    private record Pairs(HookedNetwork a, Rows rowsOfA, HookedNetwork b, Rows rowsOfB, int count)
            implements RepresentationPairs {
        @Override
        public int columnsOfA() {
            return a.representationShape().size();
        }

        @Override
        public int columnsOfB() {
            return b.representationShape().size();
        }

        @Override
        public void forEachPart(BiConsumer<Matrix, Matrix> part) {
            int size = Math.min(a.batchSize(), b.batchSize());
            for (int from = 0; from < count; from += size) {
                int rows = Math.min(size, count - from);
                var first = Batch.allocate(rows, a.representationShape());
                var second = Batch.allocate(rows, b.representationShape());
                a.represent(rowsOfA, from, first);
                b.represent(rowsOfB, from, second);
                part.accept(Matrix.of(first), Matrix.of(second));
            }
        }
    }
}
