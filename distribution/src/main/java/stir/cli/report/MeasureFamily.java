package stir.cli.report;

import stir.api.support.Words;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The families in which the built-in measures are listed; other measures are of plug-ins. */
enum MeasureFamily {
    CKA("CKA", "linear-cka linear-cka-debiased minibatch-cka rbf-cka angular-cka"),
    RSA(
            "RSA",
            "rsa-spearman rsa-pearson rsa-kendall rsa-cosine rsa-whitened distance-correlation"
                    + " rsm-norm-difference"),
    NEIGHBOURS(
            "Nearest neighbours",
            "mutual-knn knn-jaccard cknna cycle-knn lcs-knn edit-distance-knn rank-similarity"
                    + " second-order-cosine"),
    ALIGNMENT(
            "Alignment of features",
            "procrustes procrustes-angular procrustes-size-and-shape procrustes-whitened"
                    + " procrustes-permutation bures aligned-cosine soft-matching"
                    + " hard-correlation-match soft-correlation-match"),
    PREDICTION(
            "Prediction and canonical correlation",
            "ridge-predictivity linear-regression gulp cca svcca pwcca eigenspace-overlap"),
    STATISTICS(
            "Statistics of each representation",
            "concentricity-difference magnitude-difference uniformity-difference"),
    TOPOLOGY("Topology", "rtd imd"),
    CLASSES("Classes of outputs", "disagreement jensen-shannon"),
    PLUG_INS("Plug-ins", "");

    /** The default measures, and the usual one of each large family. */
    private static final Set<String> RECOMMENDED =
            Set.of(
                    ("linear-cka linear-cka-debiased rsa-spearman mutual-knn procrustes"
                                    + " ridge-predictivity")
                            .split(" ", -1));

    private final String heading;
    private final String ids;

    MeasureFamily(String heading, String ids) {
        this.heading = heading;
        this.ids = ids;
    }

    /** Returns the family of a measure. */
    static MeasureFamily of(String id) {
        return Arrays.stream(values())
                .filter(family -> family.ids().contains(id))
                .findFirst()
                .orElse(PLUG_INS);
    }

    /** Returns whether a measure is recommended. */
    static boolean recommends(String id) {
        return RECOMMENDED.contains(id);
    }

    /** Returns the ids of the built-in measures, in the order of lists. */
    List<String> ids() {
        return List.of(ids.split(" ", -1));
    }

    /** Returns the heading in lists. */
    String heading() {
        return heading;
    }

    /** Returns the name in documents. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
