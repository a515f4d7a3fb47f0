package stir.core.study;

import java.util.Objects;

/** What a network is shown. */
sealed interface Shown {
    /** The inputs. */
    Shown INPUTS = new Inputs();

    /** The inputs. */
    record Inputs() implements Shown {}

    /**
     * The seeds of a search.
     *
     * @param run the search
     */
    record Seeds(SearchRun run) implements Shown {
        public Seeds {
            Objects.requireNonNull(run, "run");
        }
    }

    /**
     * The invariant inputs of a reference.
     *
     * @param reference the layer that was inverted
     * @param run the search
     */
    record Invariant(StudiedLayer reference, SearchRun run) implements Shown {
        public Invariant {
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(run, "run");
        }
    }
}
