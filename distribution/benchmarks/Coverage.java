import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.measure.MeasureQuery;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.Difference;

/**
 * How often intervals of 95 % hold what they state, in simulations: for each measure and number of inputs, the share of
 * samples in which the confidence interval holds the mean of all samples' values, in which it and the prediction
 * interval hold the next sample's value, and in which the interval of the paired difference of two representations holds
 * the mean difference.
 *
 * <p>Representations are 6 features of which the next ones share a factor and differ in size; the compared ones add noise,
 * the second more than the first. MEAN is added to the features; without it, what some measures compare of the clouds
 * alone, such as the length of their mean, is 0 in all.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/benchmarks/Coverage.java [SAMPLES] [INPUTS,...] [MEAN] [MEASURE...]</pre>
 */
public final class Coverage {
    private static final int WIDTH = 6;
    private static final double LEVEL = 0.95;
    private static final String INPUTS = "50,100,200,500";

    private Coverage() {}

    /** A sample of inputs: a representation and two others of it. */
    private record Sample(Matrix reference, Matrix first, Matrix second) {
        static Sample of(int rows, double mean, Random random) {
            var reference = new double[rows * WIDTH];
            var first = new double[reference.length];
            var second = new double[reference.length];
            for (int i = 0; i < rows; i++) {
                double shared = random.nextGaussian();
                for (int j = 0; j < WIDTH; j++) {
                    int at = i * WIDTH + j;
                    reference[at] = mean + shared / (j + 1) + random.nextGaussian();
                    double mapped = reference[at] * (1 + j % 3) + shared;
                    first[at] = mapped + random.nextGaussian();
                    second[at] = mapped + 1.5 * random.nextGaussian();
                }
            }
            return new Sample(matrix(rows, reference), matrix(rows, first), matrix(rows, second));
        }

        private static Matrix matrix(int rows, double[] values) {
            return Matrix.of(rows, WIDTH, values);
        }
    }

    private record Estimated(double value, Interval interval, Interval next, Difference difference) {
        /** Empty if so many inputs are too few for an interval. */
        static Optional<Estimated> of(SimilarityMeasure measure, Sample sample, long seed) {
            var scale = measure.scale();
            return Replicates.of(measure, sample.reference(), sample.first(), seed)
                    .map(
                            first ->
                                    new Estimated(
                                            first.value(),
                                            first.interval(LEVEL, scale),
                                            Interval.ofOtherInputs(first, scale, LEVEL),
                                            Difference.paired(
                                                    first,
                                                    Replicates.of(measure, sample.reference(), sample.second(), seed).orElseThrow(),
                                                    scale,
                                                    LEVEL)));
        }
    }

    public static void main(String[] arguments) {
        int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        var inputs = Stream.of((arguments.length > 1 ? arguments[1] : INPUTS).split(",")).mapToInt(Integer::parseInt).toArray();
        var known = ServiceLoader.load(SimilarityMeasure.class).stream().map(ServiceLoader.Provider::get).toList();
        double mean = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 0;
        var measures =
                arguments.length > 3
                        ? List.of(arguments).subList(3, arguments.length)
                        : known.stream().map(SimilarityMeasure::id).sorted().toList();
        System.out.println(
                "measure,inputs,interval_holds_mean,interval_holds_next,prediction_interval_holds_next,difference_holds_mean");
        for (var text : measures) {
            var measure = MeasureQuery.parse(text).in(known);
            for (int count : inputs) {
                System.out.println(line(text, measure, count, samples, mean));
            }
        }
    }

    private static String line(
            String text, SimilarityMeasure measure, int inputs, int samples, double meanOfFeatures) {
        var random = new Random(inputs);
        var all = new ArrayList<Estimated>();
        for (int i = 0; i < samples; i++) {
            var estimated = Estimated.of(measure, Sample.of(inputs, meanOfFeatures, random), i);
            if (estimated.isEmpty()) {
                return "%s,%d,,,,".formatted(text, inputs);
            }
            all.add(estimated.get());
        }
        double mean = all.stream().mapToDouble(Estimated::value).average().orElseThrow();
        double difference = all.stream().mapToDouble(e -> e.difference().difference()).average().orElseThrow();
        int ofMean = 0;
        int ofNext = 0;
        int predicted = 0;
        int ofDifference = 0;
        for (int i = 0; i < samples; i++) {
            var one = all.get(i);
            double next = all.get((i + 1) % samples).value();
            ofMean += holds(one.interval().low(), mean, one.interval().high());
            ofNext += holds(one.interval().low(), next, one.interval().high());
            predicted += holds(one.next().low(), next, one.next().high());
            ofDifference += holds(one.difference().interval().low(), difference, one.difference().interval().high());
        }
        double hundredth = samples / 100.0;
        return String.format(
                Locale.ROOT,
                "%s,%d,%.1f,%.1f,%.1f,%.1f",
                text, inputs, ofMean / hundredth, ofNext / hundredth, predicted / hundredth, ofDifference / hundredth);
    }

    private static int holds(double low, double value, double high) {
        return low <= value && value <= high ? 1 : 0;
    }
}
