package stir.cli.page;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A score that a study has stored.
 *
 * @param reference the index of its layer
 * @param target the index of its layer
 * @param run the index of the search's repeat
 * @param document what is stored
 */
record StoredScore(int reference, int target, int run, JsonNode document) {
    /** Whether it is of the inversion's invariant inputs. */
    boolean isOf(StoredInversion inversion) {
        return reference == inversion.reference() && run == inversion.run();
    }

    /** What the target kept of each input that it is known of. */
    List<Double> kept() {
        return numbers(inputs("kept"));
    }

    /** Something of each input; null where it is not known. */
    JsonNode inputs(String what) {
        return document.path("inputs").path(what);
    }

    static List<Double> numbers(JsonNode array) {
        var numbers = new ArrayList<Double>(array.size());
        array.forEach(
                node -> {
                    if (node.isNumber()) {
                        numbers.add(node.asDouble());
                    }
                });
        return numbers;
    }
}
