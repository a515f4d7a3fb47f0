import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.SimilarityMeasure;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.measure.MeasureQuery;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcomes;
import stir.core.score.Judgement;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.SearchQuality;
import stir.core.score.StudiedLayer;
import stir.core.study.results.GroupedNetwork;
import stir.core.study.results.StudyGroups;

/**
 * The time of the statements about groups next to that of the scores that they are of: 24 networks in three groups, with
 * three layers each and 100 inputs. Of a score, only its measure is timed, with its interval and its permutation floor,
 * and no pass of a network: the ratio of a real study is smaller.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/benchmarks/GroupCost.java [NETWORKS] [LAYERS] [INPUTS] [FEATURES]</pre>
 */
public final class GroupCost {
    private GroupCost() {}

    public static void main(String[] arguments) {
        var sizes = IntStream.range(0, 4)
                .map(i -> arguments.length > i ? Integer.parseInt(arguments[i]) : List.of(24, 3, 100, 64).get(i)).toArray();
        int inputs = sizes[2];
        var known = ServiceLoader.load(SimilarityMeasure.class).stream().map(ServiceLoader.Provider::get).toList();
        var measures = new LinkedHashMap<String, SimilarityMeasure>();
        for (var id : List.of("linear-cka", "linear-cka-debiased")) {
            measures.put(id, MeasureQuery.parse(id).in(known));
        }
        var random = new Random(1);
        var layers = IntStream.range(0, sizes[1]).mapToObj(i -> "layer" + i).toList();
        var networks = IntStream.range(0, sizes[0])
                .mapToObj(i -> new GroupedNetwork("n" + i, layers, Map.of("kind", "k" + i % 3))).toList();
        var matrices = IntStream.range(0, 8).mapToObj(i -> matrix(inputs, sizes[3], random)).toList();
        var row = new Inversion.Row(0.001, 1, 0, 0, 1, 0.5);
        var inversion = new Inversion(
                Inputs.of(Batch.allocate(1, Shape.of(1))), List.of(row), List.of(), false);
        var search = new SearchQuality("thorough", 1, InversionSettings.DEFAULT, inversion, Optional.empty());
        var scores = new ArrayList<DirectedScore>();
        long begun = System.nanoTime();
        for (var target : networks) {
            for (var reference : networks) {
                for (var layer : layers) {
                    for (var other : layers) {
                        var a = matrices.get(random.nextInt(8));
                        var b = matrices.get(random.nextInt(8));
                        var values = new LinkedHashMap<String, MeasureScore>();
                        measures.forEach((id, measure) -> values.put(id, score(measure, a, b)));
                        scores.add(new DirectedScore(
                                new StudiedLayer(target.name(), layer),
                                new StudiedLayer(reference.name(), other),
                                search,
                                values,
                                Judgement.of(values.get("linear-cka-debiased"), Scale.UNIT, search, Optional.empty()),
                                new InputOutcomes(List.of(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty()),
                                List.of()));
                    }
                }
            }
        }
        double ofScores = seconds(begun);
        var scales = new LinkedHashMap<String, Scale>();
        measures.forEach((id, measure) -> scales.put(id, measure.scale()));
        System.out.println("scores,scores_s,groups_s,ratio,without_groups_s");
        for (int i = 0; i < 3; i++) {
            begun = System.nanoTime();
            int statements = StudyGroups.of(networks, scores, scales).scores().size();
            double ofGroups = seconds(begun);
            if (statements == 0) {
                throw new IllegalStateException("There are no statements");
            }
            begun = System.nanoTime();
            var without = networks.stream().map(one -> new GroupedNetwork(one.name(), layers, Map.of())).toList();
            StudyGroups.of(without, scores, scales);
            System.out.printf(
                    Locale.ROOT, "%d,%.1f,%.2f,%.4f,%.6f%n",
                    scores.size(), ofScores, ofGroups, ofGroups / ofScores, seconds(begun));
        }
    }

    private static MeasureScore score(SimilarityMeasure measure, Matrix a, Matrix b) {
        var replicates = Replicates.of(measure, a, b, 0).orElseThrow();
        var rows = RowsOfInputs.alike(a.rows(), 1);
        var floor = PermutationFloor.of(measure, replicates.value(), a, b, rows, 0);
        return MeasureScore.of(Quantity.STIR, Estimate.of(replicates, measure.scale()))
                .with(Quantity.PERMUTATION_FLOOR, Estimate.of(floor.mean()))
                .withTest(floor);
    }

    private static Matrix matrix(int rows, int columns, Random random) {
        return Matrix.of(rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
