import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.SimilarityMeasure;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.inversion.InversionSettings;
import stir.core.measure.MeasureQuery;
import stir.core.representation.RepresentationReduction;
import stir.core.score.compute.Direction;
import stir.core.score.compute.HeldRepresentations;
import stir.core.score.compute.Similarities;

/**
 * The time of what is computed input by input and part by part (distances, pointwise similarities, components, units and
 * their matches) next to that of a score's default measures, without passes of networks and searches: the ratio of a real
 * study is smaller.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/benchmarks/InputCost.java [INPUTS] [FEATURES...]</pre>
 */
public final class InputCost {
    private static final int REPEATS = 20;

    private InputCost() {}

    public static void main(String[] arguments) {
        int inputs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        var features = arguments.length > 1
                ? IntStream.range(1, arguments.length).map(i -> Integer.parseInt(arguments[i])).boxed().toList()
                : List.of(64, 256, 1024, 4096, 50_000);
        var known = ServiceLoader.load(SimilarityMeasure.class).stream().map(ServiceLoader.Provider::get).toList();
        var measures = new LinkedHashMap<String, SimilarityMeasure>();
        for (var id : List.of("linear-cka", "linear-cka-debiased")) {
            measures.put(id, MeasureQuery.parse(id).in(known));
        }
        var direction = new Direction(
                inputs, RepresentationReduction.FLATTEN, new Similarities(measures, 1L << 30), caution -> {});
        var given = Inputs.of(Batch.allocate(inputs, Shape.of(1)));
        var random = new Random(1);
        System.out.println("inputs,features,score_ms,outcomes_ms,ratio");
        for (int size : features) {
            var held = IntStream.range(0, 3).mapToObj(i -> held(inputs, size, random)).toList();
            double[] ofScores = new double[REPEATS];
            double[] ofOutcomes = new double[REPEATS];
            for (int i = 0; i < REPEATS; i++) {
                long begun = System.nanoTime();
                direction.score(InversionSettings.DEFAULT, held.get(0), held.get(1), new double[inputs]);
                long scored = System.nanoTime();
                direction.outcomes(
                        InversionSettings.DEFAULT, given, held.get(0), held.get(1), held.get(2), Optional.empty());
                ofScores[i] = (scored - begun) / 1e6;
                ofOutcomes[i] = (System.nanoTime() - scored) / 1e6;
            }
            Arrays.sort(ofScores);
            Arrays.sort(ofOutcomes);
            double score = ofScores[REPEATS / 2];
            double outcomes = ofOutcomes[REPEATS / 2];
            System.out.printf(Locale.ROOT, "%d,%d,%.1f,%.1f,%.2f%n", inputs, size, score, outcomes, outcomes / score);
        }
    }

    private static HeldRepresentations held(int inputs, int size, Random random) {
        var rows = Batch.allocate(inputs, Shape.of(size));
        for (int i = 0; i < rows.buffer().limit(); i++) {
            rows.buffer().put(i, (float) random.nextGaussian());
        }
        return new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE);
    }
}
