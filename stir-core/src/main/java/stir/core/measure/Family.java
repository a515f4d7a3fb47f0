package stir.core.measure;

import stir.api.support.Words;

/** The families of the built-in measures. */
enum Family {
    CKA,
    RSA,
    NEIGHBOURS,
    ALIGNMENT,
    PREDICTION,
    STATISTICS,
    TOPOLOGY,
    CLASSES;

    /** Returns the word in lists and documents. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
