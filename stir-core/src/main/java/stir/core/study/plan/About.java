package stir.core.study.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The title, authors and notes of an experiment, which change no result.
 *
 * @param title the title of the experiment
 * @param authors the authors of the experiment
 * @param notes one or more lines
 * @since 0.1.0
 */
public record About(Optional<String> title, List<String> authors, Optional<String> notes) {
    /** No title, authors or notes. */
    public static final About NONE = new About(Optional.empty(), List.of(), Optional.empty());

    /** Copies the list. */
    public About {
        Objects.requireNonNull(title, "title");
        authors = List.copyOf(authors);
        Objects.requireNonNull(notes, "notes");
    }
}
