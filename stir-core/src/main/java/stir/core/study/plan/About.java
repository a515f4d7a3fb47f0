package stir.core.study.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What people say of an experiment. Nothing depends on it: it is stored with a study and shown.
 *
 * @param title what it is called
 * @param authors who made it
 * @param notes anything worth knowing, of one or more lines
 * @since 0.1.0
 */
public record About(Optional<String> title, List<String> authors, Optional<String> notes) {
    /** Nothing is said. */
    public static final About NONE = new About(Optional.empty(), List.of(), Optional.empty());

    /** Copies the list. */
    public About {
        Objects.requireNonNull(title, "title");
        authors = List.copyOf(authors);
        Objects.requireNonNull(notes, "notes");
    }
}
