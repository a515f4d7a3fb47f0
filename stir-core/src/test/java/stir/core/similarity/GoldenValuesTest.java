package stir.core.similarity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.SimilarityMeasure;

import java.util.ServiceLoader;

class GoldenValuesTest {
    /**
     * A row of the table, the measure that defines it, and the pairs on which the table has it; in
     * lower case where the pair is compared the other way round.
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
        "eigenspace_overlap, eigenspace-overlap, ABCD"
    })
    void agreesWithTheTable(String row, String measure, String pairs) {
        var similarity = measure(measure);
        for (int i = 0; i < pairs.length(); i++) {
            var name = pairs.substring(i, i + 1);
            var pair = Golden.pair(name);
            boolean swapped = Character.isLowerCase(pairs.charAt(i));
            double value =
                    swapped
                            ? similarity.compare(pair.y(), pair.x())
                            : similarity.compare(pair.x(), pair.y());
            assertEquals(Golden.value(row, name), value, 1e-8, name);
        }
    }

    /** The published code adds 1e-6 to the denominator; its values have six digits. */
    @ParameterizedTest
    @CsvSource({"A, 10, 0.204462", "B, 10, 0.671405", "C, 10, 0.787918", "D, 5, 0.520501"})
    void cknnaAgreesWithThePublishedCode(String name, int k, double expected) {
        var pair = Golden.pair(name);
        var measure = measure("cknna?epsilon=1e-6&k=" + k);
        assertEquals(expected, measure.compare(pair.x(), pair.y()), 1e-6);
    }

    /** The measure that users write so. */
    static SimilarityMeasure measure(String text) {
        return MeasureQuery.parse(text)
                .in(
                        ServiceLoader.load(SimilarityMeasure.class).stream()
                                .map(ServiceLoader.Provider::get)
                                .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "cca, 20, 20",
        "svcca, 20, 20",
        "pwcca, 20, 64",
        "linear-regression, 20, 20",
        "gulp?lambda=0, 20, 20",
        "eigenspace-overlap, 20, 64",
        "linear-cka, 20, 64",
        "mutual-knn, 20, 3"
    })
    void warnsWhereAValueCannotBeTrusted(String measure, int rows, int columns) {
        assertEquals(1, measure(measure).cautions(rows, columns, columns).size());
        assertTrue(measure(measure).cautions(1000, columns, columns).isEmpty());
    }
}
