package stir.cli.page;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/**
 * An inversion that a study has stored.
 *
 * @param reference the index of its layer
 * @param run the index of the search's repeat
 * @param document what is stored
 */
record StoredInversion(int reference, int run, JsonNode document) {
    /** The residual of each input. */
    List<Double> residuals() {
        return StoredScore.numbers(document.path("residuals"));
    }
}
