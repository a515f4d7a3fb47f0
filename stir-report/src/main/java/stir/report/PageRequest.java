package stir.report;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import stir.api.UsageException;

/**
 * A request for a page. Immutable: each {@code with} method returns a copy.
 *
 * @param folder the folder that holds a study or a score, which may be incomplete
 * @param against the folder of another study whose scores are shown next to it
 * @param gallery the maximum number of inputs that are shown of each reference layer, at least 1;
 *     fewer of large images or many layers
 * @param vocabulary the tokens that name positions of inputs
 * @since 0.1.0
 */
public record PageRequest(Path folder, Optional<Path> against, int gallery, Optional<Vocabulary> vocabulary) {
    /** The default number of inputs of each reference layer. */
    public static final int GALLERY = 12;

    /**
     * Refuses null.
     *
     * @throws UsageException if the number of inputs is less than 1
     */
    public PageRequest {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(against, "against");
        Objects.requireNonNull(vocabulary, "vocabulary");
        if (gallery < 1) {
            throw new UsageException("A page shows at least 1 input of each layer, not %d.".formatted(gallery));
        }
    }

    /** Returns a request for the page of a single folder. */
    public static PageRequest of(Path folder) {
        return new PageRequest(folder, Optional.empty(), GALLERY, Optional.empty());
    }

    /** Returns a copy with another study, whose scores are shown next to the folder's. */
    public PageRequest withAgainst(Path other) {
        return new PageRequest(folder, Optional.of(other), gallery, vocabulary);
    }

    /** Returns a copy with another maximum number of inputs. */
    public PageRequest withGallery(int other) {
        return new PageRequest(folder, against, other, vocabulary);
    }

    /** Returns a copy with the tokens that name positions of inputs. */
    public PageRequest withVocabulary(Vocabulary other) {
        return new PageRequest(folder, against, gallery, Optional.of(other));
    }
}
