package stir.spark;

import java.io.Serializable;
import java.util.List;

/**
 * The outcome of a unit.
 *
 * @param unit the text of the unit
 * @param failure the reason why no machine can run the unit; empty if it is done
 * @param notes the notes of the run for the user
 */
record UnitOutcome(String unit, String failure, List<String> notes) implements Serializable {
    /** Copies the notes into a list that can be serialised. */
    UnitOutcome {
        notes = List.copyOf(notes);
    }
}
