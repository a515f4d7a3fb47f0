package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;

class GoldenValuesTest {
    /**
     * Compares a row of the table with the measure that defines it, for the pairs that the table
     * contains; a pair in lower case is compared in reverse.
     */
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "cka_linear_biased, linear-cka, ABCD",
        "cka_linear_debiased, linear-cka-debiased, ABCD",
        "cka_rbf_kornblith_biased, rbf-cka?median=with-diagonal, ABCD",
        "cka_rbf_kornblith_debiased, rbf-cka?median=with-diagonal&estimator=debiased, ABCD",
        "cka_rbf_offdiag_biased, rbf-cka, ABCD",
        "cka_rbf_offdiag_debiased, rbf-cka?estimator=debiased, ABCD",
        "cka_rbf_one_biased, rbf-cka?sigma=1, ABCD",
        "cka_rbf_one_debiased, rbf-cka?sigma=1&estimator=debiased, ABCD",
        "cka_minibatch_b10, minibatch-cka?batch=10, ABCD",
        "cca_mean, cca, ABCD",
        "cca_mean_sq, cca?summary=mean-squared, ABCD",
        "cca_first, cca?summary=first, ABCD",
        "svcca_99, svcca?variance=0.99, ABCD",
        "pwcca_xy, pwcca, ABCD",
        "pwcca_yx, pwcca, abcd",
        "procrustes_norm_dist, procrustes, ABCD",
        "procrustes_angular, procrustes-angular, ABCD",
        "procrustes_size_shape, procrustes-size-and-shape, ABCD",
        "nbs, bures, ABCD",
        "rsa_corr_pearson, rsa-pearson, ABCD",
        "rsa_corr_spearman, rsa-spearman, ABCD",
        "rsa_corr_cosine, rsa-cosine, ABCD",
        "rsa_corr_kendall_b, rsa-kendall, ABCD",
        "rsa_eucl_pearson, rsa-pearson?dissimilarity=euclidean, ABCD",
        "rsa_eucl_spearman, rsa-spearman?dissimilarity=euclidean, ABCD",
        "rsa_eucl_cosine, rsa-cosine?dissimilarity=euclidean, ABCD",
        "rsa_sqeucl_pearson, rsa-pearson?dissimilarity=squared-euclidean, ABCD",
        "rsa_sqeucl_spearman, rsa-spearman?dissimilarity=squared-euclidean, ABCD",
        "rsa_sqeucl_cosine, rsa-cosine?dissimilarity=squared-euclidean, ABCD",
        "rsa_sqeucl_kendall_b, rsa-kendall?dissimilarity=squared-euclidean, ABCD",
        "rsa_cos_pearson, rsa-pearson?dissimilarity=cosine, ABCD",
        "rsa_cos_spearman, rsa-spearman?dissimilarity=cosine, ABCD",
        "rsa_cos_cosine, rsa-cosine?dissimilarity=cosine, ABCD",
        "knn_jaccard_k10_cos, knn-jaccard, ABC",
        "mutual_knn_k10_cos, mutual-knn, ABC",
        "knn_jaccard_k10_eucl, knn-jaccard?metric=euclidean, ABC",
        "mutual_knn_k10_eucl, mutual-knn?metric=euclidean, ABC",
        "knn_jaccard_k10_ip, knn-jaccard?metric=inner-product, ABC",
        "mutual_knn_k10_ip, mutual-knn?metric=inner-product, ABC",
        "knn_jaccard_k5_cos, knn-jaccard?k=5, D",
        "mutual_knn_k5_cos, mutual-knn?k=5, D",
        "knn_jaccard_k5_eucl, knn-jaccard?k=5&metric=euclidean, D",
        "mutual_knn_k5_eucl, mutual-knn?k=5&metric=euclidean, D",
        "knn_jaccard_k5_ip, knn-jaccard?k=5&metric=inner-product, D",
        "mutual_knn_k5_ip, mutual-knn?k=5&metric=inner-product, D",
        "second_order_cosine_k10, second-order-cosine, ABC",
        "second_order_cosine_k5, second-order-cosine?k=5, D",
        "rank_similarity_k10, rank-similarity, ABC",
        "rank_similarity_k5, rank-similarity?k=5, D",
        "linreg_r2_X_from_Y, linear-regression, ABCD",
        "linreg_r2_Y_from_X, linear-regression?predict=second, ABCD",
        "linreg_r2_Y_from_X, linear-regression, abcd",
        "distance_correlation, distance-correlation, ABCD",
        "gulp_sq_lambda0, gulp?lambda=0, ABCD",
        "gulp_sq_lambda0.01, gulp?lambda=0.01, ABCD",
        "gulp_sq_lambda1, gulp?lambda=1, ABCD",
        "hard_corr_match, hard-correlation-match, ABCD",
        "soft_corr_match, soft-correlation-match, ABCD",
        "aligned_cosine, aligned-cosine, ABCD",
        "eigenspace_overlap, eigenspace-overlap, ABCD",
        "permutation_procrustes, procrustes-permutation, ABCD",
        "magnitude_diff, magnitude-difference, ABCD",
        "concentricity_diff, concentricity-difference, ABCD",
        "uniformity_diff_t2, uniformity-difference, ABCD",
        "rsm_norm_diff_frobenius, rsm-norm-difference, ABCD",
        "rsm_norm_diff_spectral, rsm-norm-difference?norm=spectral, ABCD",
        "rsa_corr_tau_a, rsa-kendall?coefficient=tau-a, ABCD",
        "rsa_corr_rho_a, rsa-spearman?coefficient=rho-a, ABCD",
        "rsa_corr_cosine_cov, rsa-whitened?dissimilarity=correlation, ABCD",
        "rsa_corr_corr_cov, rsa-whitened?dissimilarity=correlation&comparison=correlation, ABCD",
        "rsa_sqeucl_tau_a, rsa-kendall?dissimilarity=squared-euclidean&coefficient=tau-a, ABCD",
        "rsa_sqeucl_rho_a, rsa-spearman?dissimilarity=squared-euclidean&coefficient=rho-a, ABCD",
        "rsa_sqeucl_cosine_cov, rsa-whitened, ABCD",
        "rsa_sqeucl_corr_cov, rsa-whitened?comparison=correlation, ABCD",
        "rsa_eucl_cosine_cov, rsa-whitened?dissimilarity=euclidean, ABCD",
        "rsa_eucl_corr_cov, rsa-whitened?dissimilarity=euclidean&comparison=correlation, ABCD"
    })
    void agreesWithTheTable(String row, String measure, String pairs) {
        var similarity = measure(measure);
        for (int i = 0; i < pairs.length(); i++) {
            var name = pairs.substring(i, i + 1);
            var pair = Golden.pair(name);
            boolean swapped = Character.isLowerCase(pairs.charAt(i));
            double value = swapped ? similarity.compare(pair.y(), pair.x()) : similarity.compare(pair.x(), pair.y());
            assertEquals(Golden.value(row, name), value, 1e-8, name);
        }
    }

    // The published code adds 1e-6 to the denominator; its values have six digits.
    @ParameterizedTest
    @CsvSource({"A, 10, 0.204462", "B, 10, 0.671405", "C, 10, 0.787918", "D, 5, 0.520501"})
    void cknnaAgreesWithThePublishedCode(String name, int k, double expected) {
        var pair = Golden.pair(name);
        var measure = measure("cknna?epsilon=1e-6&k=" + k);
        assertEquals(expected, measure.compare(pair.x(), pair.y()), 1e-6);
    }

    /** Returns the measure of a query. */
    static SimilarityMeasure measure(String text) {
        return MeasureQuery.parse(text)
                .in(ServiceLoader.load(SimilarityMeasure.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    // The ends of the range of whitening are separate measures.
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C"})
    void partialWhiteningGoesFromCcaToProcrustes(String name) {
        var pair = Golden.pair(name);
        assertEquals(
                Golden.value("procrustes_angular", name),
                measure("procrustes-whitened?alpha=1").compare(pair.x(), pair.y()),
                1e-8);
        double correlations = Golden.value("cca_mean", name)
                * Math.min(pair.x().columns(), pair.y().columns())
                / Math.sqrt((double) pair.x().columns() * pair.y().columns());
        assertEquals(
                Math.acos(correlations), measure("procrustes-whitened?alpha=0").compare(pair.x(), pair.y()), 1e-8);
    }

    // Two rows have probabilities in the ratio of 1 to 3, and the third is the same in both.
    @Test
    void outputsAreComparedByDecisionAndByProbability() {
        var a = Matrix.of(3, 2, new double[] {1, 3, 3, 1, 1, 1});
        var b = Matrix.of(3, 2, new double[] {3, 1, 3, 1, 2, 2});
        assertEquals(1 / 3.0, measure("disagreement").compare(a, b), 1e-15);
        // log2 of 1/4 and 3/4 relative to 1/2
        double bits = 0.25 * Math.log(0.5) / Math.log(2) + 0.75 * Math.log(1.5) / Math.log(2);
        assertEquals(bits / 3, measure("jensen-shannon?outputs=probabilities").compare(a, b), 1e-15);
        var negative = Matrix.of(3, 2, new double[] {1, 3, 3, -1, 1, 1});
        var refusal = assertThrows(
                DataException.class,
                () -> measure("jensen-shannon?outputs=probabilities").compare(a, negative));
        assertTrue(refusal.getMessage().contains("row 1 of the second"), refusal.getMessage());
    }

    // Three features for two: a half and a half of each, by hand.
    @Test
    void softMatchingDividesFeaturesOfUnequalNumber() {
        var a = Matrix.of(4, 2, new double[] {1, 1, -1, -1, 1, -1, -1, 1});
        var b = Matrix.of(4, 3, new double[] {1, 1, 1, -1, -1, -1, 1, -1, 1, -1, 1, -1});
        // a1 = b1 = b3 and a2 = b2 receive 2/6 + 1/6 and 2/6; 1/6 goes from a2 to b1 or b3, where
        // |.|^2 is 2
        assertEquals(Math.sqrt(2 / 6.0), measure("soft-matching").compare(a, b), 1e-12);
    }

    @Test
    void deadFeaturesCountAsZero() {
        var x = Golden.pair("C").x();
        var values = new double[x.rows() * (x.columns() + 1)];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.columns(); j++) {
                values[i * (x.columns() + 1) + j] = x.get(i, j);
            }
        }
        var withDead = Matrix.of(x.rows(), x.columns() + 1, values);
        double share = x.columns() / (x.columns() + 1.0);
        assertEquals(share, measure("hard-correlation-match").compare(withDead, withDead), 1e-12);
        assertEquals(share, measure("soft-correlation-match").compare(withDead, withDead), 1e-12);
        assertEquals(0, measure("soft-matching").compare(withDead, withDead), 1e-7);
    }

    // Random choices are keyed: equal for the same seed, and different for another seed.
    @ParameterizedTest
    @ValueSource(strings = "rtd?batch=10&trials=2")
    void randomChoicesDependOnTheSeed(String measure) {
        var pair = Golden.pair("A");
        double value = measure(measure).compare(pair.x(), pair.y());
        assertEquals(value, measure(measure + "&rng-seed=0").compare(pair.x(), pair.y()));
        assertNotEquals(value, measure(measure + "&rng-seed=1").compare(pair.x(), pair.y()));
    }

    @ParameterizedTest
    @CsvSource({"imd, 5001, at most 5000", "rtd?batch=5000, 4001, at most 4000 inputs at once"})
    void topologyOfTooManyInputsIsRefused(String measure, int rows, String expected) {
        var x = Matrix.of(rows, 1, IntStream.range(0, rows).asDoubleStream().toArray());
        var refusal = assertThrows(DataException.class, () -> measure(measure).compare(x, x));
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    @Test
    void cautionsBeginWhereSizesForceCorrelationsOfOne() {
        for (var id : List.of("cca", "svcca", "pwcca")) {
            assertEquals(List.of(), measure(id).cautions(100, 50, 49), id);
            var caution = measure(id).cautions(100, 64, 64).get(0);
            assertEquals("shared-directions", caution.kind());
            assertEquals(29L, caution.facts().get("correlations_of_one"));
            assertEquals(64L, caution.facts().get("correlations"));
        }
        var caution = measure("linear-regression").cautions(100, 10, 64).get(0);
        assertEquals(
                Caution.of("explained-by-chance", Map.of("features", 64, "inputs", 100, "variance", 64 / 99.0)),
                caution);
    }

    @ParameterizedTest
    @CsvSource({
        "cca, 20, 20",
        "svcca, 20, 20",
        "pwcca, 20, 64",
        "gulp?lambda=0, 20, 20",
        "eigenspace-overlap, 20, 64",
        "linear-cka, 20, 64",
        "mutual-knn, 20, 3",
        "imd, 10, 3",
        "uniformity-difference, 199, 3"
    })
    void warnsWhereAValueCannotBeTrusted(String measure, int rows, int columns) {
        assertEquals(1, measure(measure).cautions(rows, columns, columns).size());
        assertTrue(measure(measure).cautions(1000, columns, columns).isEmpty());
    }
}
