package stir.core.study.plan;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stir.api.Experimental;
import stir.api.UsageException;
import stir.core.score.StudiedLayer;

/**
 * A piece of a study's work that any process may run, after the stages before it, in any order and
 * more than once, with the same bytes. Its text is an argument of other processes.
 *
 * @since 0.1.0
 */
@Experimental
public sealed interface Unit {
    /** Returns its stage. */
    Stage stage();

    /** Returns the search that it is a part of, as the unit that merges it; empty for scores. */
    Optional<Gather> whole();

    /** Returns the name of the model whose invariant inputs it searches or reads. */
    String invertedModel();

    /**
     * Returns the unit as one word, with parts divided by slashes, for {@link #parse}. Names are
     * encoded as in web addresses.
     */
    @Override
    String toString();

    /**
     * Searches for the invariant inputs of a range of inputs.
     *
     * @param reference the layer that is inverted
     * @param search the search's name
     * @param repeat the number of the repeat, from 1
     * @param from the first input, counted from 0
     * @param to the index after the last input
     */
    record Search(StudiedLayer reference, String search, int repeat, int from, int to) implements Unit {
        /** Checks the repeat and the range. */
        public Search {
            check(repeat);
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("No range from " + from + " to " + to);
            }
        }

        @Override
        public Optional<Gather> whole() {
            return Optional.of(new Gather(reference, search, repeat));
        }

        @Override
        public String invertedModel() {
            return reference.model();
        }

        @Override
        public Stage stage() {
            return Stage.SEARCH;
        }

        @Override
        public String toString() {
            return join("search", reference, search, repeat) + "/" + from + "-" + to;
        }
    }

    /**
     * Merges the ranges of a search.
     *
     * @param reference the layer that is inverted
     * @param search the search's name
     * @param repeat the number of the repeat, from 1
     */
    record Gather(StudiedLayer reference, String search, int repeat) implements Unit {
        /** Checks the repeat. */
        public Gather {
            check(repeat);
        }

        @Override
        public Stage stage() {
            return Stage.GATHER;
        }

        @Override
        public Optional<Gather> whole() {
            return Optional.of(this);
        }

        @Override
        public String invertedModel() {
            return reference.model();
        }

        @Override
        public String toString() {
            return join("gather", reference, search, repeat);
        }
    }

    /**
     * Scores all layers of a target model on the invariant inputs of all layers of a reference
     * model, of every search and repeat. If the two are the same model, also the model's ceilings
     * and floors.
     *
     * @param target the name of the model that is scored
     * @param reference the name of the model that was inverted
     */
    record Score(String target, String reference) implements Unit {
        @Override
        public Stage stage() {
            return Stage.SCORE;
        }

        @Override
        public Optional<Gather> whole() {
            return Optional.empty();
        }

        @Override
        public String invertedModel() {
            return reference;
        }

        @Override
        public String toString() {
            return "score/" + encoded(target) + "/" + encoded(reference);
        }
    }

    private static void check(int repeat) {
        if (repeat < 1) {
            throw new IllegalArgumentException("Repeats are counted from 1, not " + repeat);
        }
    }

    private static String join(String stage, StudiedLayer at, String search, int repeat) {
        return String.join(
                "/", stage, encoded(at.model()), encoded(at.layer()), encoded(search), Integer.toString(repeat));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /**
     * Parses the result of {@link #toString}.
     *
     * @throws UsageException if it is not a unit
     */
    static Unit parse(String text) {
        try {
            List<String> parts = new ArrayList<>();
            for (var part : text.split("/", -1)) {
                parts.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
            }
            if (parts.contains("")) {
                throw new IllegalArgumentException("a part is empty");
            }
            if (parts.size() == 3 && parts.get(0).equals("score")) {
                return new Score(parts.get(1), parts.get(2));
            }
            if (parts.size() >= 5) {
                var at = new StudiedLayer(parts.get(1), parts.get(2));
                int repeat = Integer.parseInt(parts.get(4));
                if (parts.size() == 5 && parts.get(0).equals("gather")) {
                    return new Gather(at, parts.get(3), repeat);
                }
                if (parts.size() == 6 && parts.get(0).equals("search")) {
                    int dash = parts.get(5).indexOf('-');
                    return new Search(
                            at,
                            parts.get(3),
                            repeat,
                            Integer.parseInt(parts.get(5).substring(0, Math.max(0, dash))),
                            Integer.parseInt(parts.get(5).substring(dash + 1)));
                }
            }
        } catch (IllegalArgumentException e) {
            throw none(text, e);
        }
        throw none(text, new IllegalArgumentException("unknown stage"));
    }

    private static UsageException none(String text, IllegalArgumentException cause) {
        return new UsageException(
                "'%s' is not a unit of work: use a form such as score/TARGET/REFERENCE or search/MODEL/LAYER/SEARCH/1/0-100."
                        .formatted(text),
                cause);
    }
}
