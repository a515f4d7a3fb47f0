package stir.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What became of a unit.
 *
 * @param unit its text
 * @param failure why it can't be done, on this machine or anywhere; empty if it is done
 * @param notes what the user should know of how it was done
 */
record Outcome(String unit, String failure, List<String> notes) implements Serializable {
    /** Copies the notes into a list that can be serialised. */
    Outcome {
        notes = List.copyOf(notes);
    }
}
