package stir.core.math.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import stir.api.Scale;

/**
 * A sum of mean scores of groups of networks, with its standard error over networks and inputs:
 * both are samples, of which other ones could have been drawn.
 *
 * <p>The variance is that of the two-factor bootstrap, which draws networks within each group and
 * inputs, with the correction for double counting. Drawing networks alone and inputs alone each
 * count their interaction, and drawing both counts it three times, so that with {@code V_n}, {@code
 * V_i} and {@code V_ni} the corrected variance is {@code 2 (V_n + V_i) - V_ni = V_n + V_i -
 * interaction}, with {@code n / (n - 1)} for each factor of n. It is at least {@code V_n} and at
 * least {@code V_i}. The same correction is made within {@code V_n}, since a score has a target and
 * a reference: drawing each of them counts their interaction, too.
 *
 * <p>These variances are computed in closed form, as those of infinitely many draws: they depend on
 * no random numbers. Inputs are drawn as deviations of their {@linkplain Replicates parts}, since a
 * measure of pairs of inputs must not see an input twice ({@link Interval#of}). The variance of
 * mean scores within a group, which no network has with itself, is that of the delete-one
 * jackknife; its interaction is that of the residuals of an additive model, which needs four
 * networks. With three it is not subtracted, and the interval is too wide.
 *
 * <p>The degrees of freedom are those of Welch and Satterthwaite for the variances by each group
 * and by the inputs, rounded down. Student's t with the smaller number of networks and inputs minus
 * 1, as rsatoolbox has, is too wide in simulations with few networks and variable inputs.
 *
 * <p>Sources: Schütt et al. 2023, Statistical inference on representational geometries, eLife
 * 82566; Satterthwaite 1946, An approximate distribution of estimates of variance components.
 *
 * @since 0.1.0
 */
public final class TwoFactorBootstrap {
    /** The fewest networks of a group with an interval where targets and references differ. */
    public static final int FEWEST_BETWEEN = 2;

    /** The fewest networks of a group with an interval of scores within the group. */
    public static final int FEWEST_WITHIN = 3;

    /**
     * A weighted mean of the scores of all targets given all references; of a group with itself,
     * without the scores of a network given itself.
     *
     * @param targets the names of the target networks
     * @param references the names of the references: the same list, or of other networks
     * @param weight the factor of the mean
     */
    public record Term(List<String> targets, List<String> references, double weight) {
        /** Copies the lists. */
        public Term {
            targets = List.copyOf(targets);
            references = List.copyOf(references);
        }

        private boolean isWithin() {
            return targets.equals(references);
        }
    }

    private final double value;
    private final double variance;
    private final int degrees;

    private TwoFactorBootstrap(double value, double variance, int degrees) {
        this.value = value;
        this.variance = variance;
        this.degrees = degrees;
    }

    /**
     * Estimates a sum of terms.
     *
     * @param terms the terms; two groups of them are equal or share no network
     * @param scores the score of a target given a reference, all of the same parts of the inputs
     * @return empty if a group has too few networks
     */
    public static Optional<TwoFactorBootstrap> of(List<Term> terms, BiFunction<String, String, Replicates> scores) {
        if (!terms.stream().allMatch(TwoFactorBootstrap::isEnough)) {
            return Optional.empty();
        }
        var first = terms.get(0);
        var any = scores.apply(first.targets.get(0), first.references.get(1));
        int inputDegrees = any.degrees();
        int parts = any.deviations().length;
        var blocks = blocks(terms, scores, parts + 1);
        var ofScores = VarianceParts.of(blocks, 0);
        double networks = ofScores.variance();
        double inputs = 0;
        double interaction = 0;
        for (int part = 1; part <= parts; part++) {
            var ofPart = VarianceParts.of(blocks, part);
            inputs += ofPart.value * ofPart.value / parts;
            interaction += ofPart.corrected() / parts;
        }
        double variance = Math.max(networks + inputs - interaction, Math.max(networks, inputs));
        double squares = inputs * inputs / inputDegrees + ofScores.squaresPerDegree();
        int most = inputDegrees + ofScores.degrees();
        int degrees = squares == 0 ? inputDegrees : (int) (variance * variance / squares);
        return Optional.of(new TwoFactorBootstrap(ofScores.value, variance, Math.max(1, Math.min(most, degrees))));
    }

    private static boolean isEnough(Term term) {
        return term.isWithin()
                ? term.targets.size() >= FEWEST_WITHIN
                : Math.min(term.targets.size(), term.references.size()) >= FEWEST_BETWEEN;
    }

    /** Returns the weighted scores of both directions of each pair of groups, added up. */
    private static List<Block> blocks(List<Term> terms, BiFunction<String, String, Replicates> scores, int parts) {
        var blocks = new LinkedHashMap<List<List<String>>, Block>();
        for (var term : terms) {
            var turned = blocks.get(List.of(term.references, term.targets));
            var block = turned != null
                    ? turned
                    : blocks.computeIfAbsent(
                            List.of(term.targets, term.references),
                            groups -> new Block(groups.get(0), groups.get(1), parts));
            boolean isTurned = !block.rows.equals(term.targets);
            for (int i = 0; i < term.targets.size(); i++) {
                for (int j = 0; j < term.references.size(); j++) {
                    if (term.isWithin() && i == j) {
                        continue;
                    }
                    var score = scores.apply(term.targets.get(i), term.references.get(j));
                    int row = isTurned ? j : i;
                    int column = isTurned ? i : j;
                    var deviations = score.deviations();
                    block.values[0][row][column] += term.weight * score.value();
                    for (int part = 1; part < parts; part++) {
                        block.values[part][row][column] += term.weight * deviations[part - 1];
                    }
                }
            }
        }
        return List.copyOf(blocks.values());
    }

    /** The scores of the pairs of two groups, or of one with itself. */
    private static final class Block {
        private final List<String> rows;
        private final List<String> columns;

        /** The score by row and column, and its deviation by each part of the inputs. */
        private final double[][][] values;

        Block(List<String> rows, List<String> columns, int parts) {
            this.rows = rows;
            this.columns = columns;
            this.values = new double[parts][rows.size()][columns.size()];
        }
    }

    /** The parts of the variance over networks of one value per pair, or of one deviation. */
    private static final class VarianceParts {
        private final Map<List<String>, double[]> influences = new LinkedHashMap<>();
        private double value;
        private double interaction;

        static VarianceParts of(List<Block> blocks, int part) {
            var parts = new VarianceParts();
            for (var block : blocks) {
                if (block.rows.equals(block.columns)) {
                    parts.addWithin(block.rows, block.values[part]);
                } else {
                    parts.addBetween(block, block.values[part]);
                }
            }
            return parts;
        }

        /** Adds the mean of a table, the effects of its rows and columns, and their interaction. */
        private void addBetween(Block block, double[][] table) {
            int rows = table.length;
            int columns = table[0].length;
            var ofRows = new double[rows];
            var ofColumns = new double[columns];
            double mean = 0;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    ofRows[i] += table[i][j] / columns;
                    ofColumns[j] += table[i][j] / rows;
                    mean += table[i][j] / ((double) rows * columns);
                }
            }
            double squares = 0;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double residual = table[i][j] - ofRows[i] - ofColumns[j] + mean;
                    squares += residual * residual;
                }
            }
            value += mean;
            addInfluences(block.rows, ofRows, mean, 1);
            addInfluences(block.columns, ofColumns, mean, 1);
            interaction += squares / ((rows - 1.0) * (columns - 1.0) * rows * columns);
        }

        /** Adds the same of the pairs of a group, in both directions. */
        private void addWithin(List<String> group, double[][] table) {
            int n = group.size();
            var means = new double[n];
            double mean = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    means[i] += (table[i][j] + table[j][i]) / 2 / (n - 1); // the diagonal is 0
                }
                mean += means[i] / n;
            }
            value += mean;
            addInfluences(group, means, mean, 2 * (n - 1.0) / (n - 2));
            if (n == FEWEST_WITHIN) {
                return; // an additive model leaves no residuals
            }
            double squares = 0;
            double scale = (n - 1.0) / (n - 2);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    double additive = mean + scale * (means[i] + means[j] - 2 * mean);
                    double residual = (table[i][j] + table[j][i]) / 2 - additive;
                    squares += residual * residual;
                }
            }
            double ofPair = squares / (n * (n - 3) / 2.0);
            interaction += ofPair * (4 / (n * (n - 2.0)) - 2 / (n * (n - 1.0)));
        }

        private void addInfluences(List<String> group, double[] means, double mean, double scale) {
            var sums = influences.computeIfAbsent(group, all -> new double[all.size()]);
            for (int i = 0; i < means.length; i++) {
                sums[i] += scale * (means[i] - mean);
            }
        }

        private static double variance(double[] influences) {
            int n = influences.length;
            return Arrays.stream(influences).map(one -> one * one).sum() / (n * (n - 1.0));
        }

        private double uncorrected() {
            return influences.values().stream()
                    .mapToDouble(VarianceParts::variance)
                    .sum();
        }

        /** Returns the variance with interactions counted once; by chance, it may be below 0. */
        double corrected() {
            return uncorrected() - interaction;
        }

        /** Returns the degrees of freedom of all groups of networks. */
        int degrees() {
            return influences.values().stream().mapToInt(one -> one.length - 1).sum();
        }

        /**
         * Returns the corrected variance, at least half of the uncorrected one: interactions are at
         * most half of it between groups, and {@code n / (2 (n - 1))} of it within one.
         */
        double variance() {
            return Math.max(corrected(), uncorrected() / 2);
        }

        /**
         * Returns the squares of the groups' shares of the variance by their degrees of freedom.
         */
        double squaresPerDegree() {
            double share = uncorrected() == 0 ? 0 : variance() / uncorrected();
            return influences.values().stream()
                    .mapToDouble(one -> Math.pow(share * variance(one), 2) / (one.length - 1))
                    .sum();
        }
    }

    /** Returns the sum of the terms. */
    public double value() {
        return value;
    }

    /** Returns the standard error of the sum over other networks and inputs. */
    public double standardError() {
        return Math.sqrt(variance);
    }

    /** Returns the degrees of freedom of the standard error, at least 1. */
    public int degrees() {
        return degrees;
    }

    /**
     * Returns the sum with its interval.
     *
     * @param scale the interval is truncated to it
     */
    public Estimate estimate(Scale scale) {
        return Estimate.of(value, Optional.of(Interval.around(value, standardError(), degrees, Estimate.LEVEL, scale)));
    }

    /**
     * Returns the sum as a difference, with the probability of one at least as large if there were
     * none.
     *
     * @param scale the scale of the scores; the interval is truncated to the possible differences
     */
    public Difference difference(Scale scale) {
        return Difference.of(value, standardError(), degrees, scale, Estimate.LEVEL, true);
    }
}
