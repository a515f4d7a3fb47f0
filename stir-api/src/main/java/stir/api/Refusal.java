package stir.api;

import java.util.List;
import java.util.Objects;

/**
 * A message for the user, and what can be done about it. Immutable.
 *
 * @param sentence the problem and its solution, in words that hold for every front end
 * @param remedies the changes that solve it and for which front ends may have an option
 * @since 0.1.0
 */
public record Refusal(String sentence, List<Remedy> remedies) {
    /** Copies the remedies. */
    public Refusal {
        Objects.requireNonNull(sentence, "sentence");
        remedies = List.copyOf(remedies);
    }

    /** Creates a message. */
    public Refusal(String sentence, Remedy... remedies) {
        this(sentence, List.of(remedies));
    }
}
