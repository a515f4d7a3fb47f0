package stir.api;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a model that are not searched, such as an attention mask, and the choice of the
 * searched input. Passes receive the row of an input in {@link Batch#side}; constants are the same
 * for all rows and not part of batches.
 *
 * @param searched the name of the searched input; empty for the only floating-point input that is
 *     not given
 * @param given the others, by their names in the model
 * @since 0.1.0
 */
@Experimental
public record SideInputs(Optional<String> searched, Map<String, Side> given) {
    /** No side inputs: the model has one input. */
    public static final SideInputs NONE = new SideInputs(Optional.empty(), Map.of());

    /** Copies the map. */
    public SideInputs {
        Objects.requireNonNull(searched, "searched");
        given = Map.copyOf(given);
    }

    /** The type of a side input's values. */
    @Experimental
    public enum Type {
        /** Floating-point numbers. */
        FLOAT("decimals"),
        /** Whole numbers that a float holds exactly. */
        INTEGER("integers"),
        /** Truth values: 0 or 1. */
        BOOLEAN("truth values");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    /**
     * A side input.
     *
     * @param type the kind of its values
     * @param constant whether it is one number for all inputs, which fills the model's input
     * @param example one row: the constant, or the first input's values
     */
    @Experimental
    public record Side(Type type, boolean constant, Batch example) {
        /** Checks that there is one row. */
        public Side {
            Objects.requireNonNull(type, "type");
            if (example.rows() != 1) {
                throw new IllegalArgumentException("An example has one row, not " + example.rows());
            }
        }

        /**
         * Checks that the values can be converted to the type that the model expects.
         *
         * @param name the name of the input
         * @param taken the type that the model expects
         * @throws UsageException if decimals are given for integers or truth values, or numbers for
         *     truth values
         */
        public void require(String name, Type taken) {
            if (type.compareTo(taken) < 0) {
                throw new UsageException(
                        "The model takes %s as '%s', but %s are given: %s."
                                .formatted(taken.words, name, type.words, remedy(taken)),
                        Remedy.GIVE_INPUT);
            }
        }

        /**
         * Checks that a row has the dimensions that the model specifies; a constant fills any.
         *
         * @param name the name of the input
         * @param stated the dimensions that the model specifies, beginning with the batch; at most
         *     0 if unknown
         * @throws UsageException if it has others
         */
        public void requireSizes(String name, List<Long> stated) {
            var row = example.rowShape();
            boolean fits = constant || stated.size() == row.rank() + 1;
            for (int i = 1; !constant && fits && i < stated.size(); i++) {
                fits = stated.get(i) <= 0 || stated.get(i) == row.dimension(i - 1);
            }
            if (!fits) {
                var sizes = stated.stream()
                        .map(size -> size > 0 ? size.toString() : "?")
                        .collect(Collectors.joining("x"));
                throw new UsageException(
                        "The model takes '%s' as %s (the first dimension is the batch), but a given row is %s: use an array of that shape."
                                .formatted(name, sizes, row.rank() == 0 ? "a single number" : row),
                        Remedy.GIVE_INPUT);
            }
        }

        private String remedy(Type taken) {
            if (!constant) {
                return "convert the array, for example by numpy's astype";
            }
            return taken == Type.BOOLEAN ? "give true or false" : "use an integer";
        }

        /**
         * Returns rows with the value, for a trial.
         *
         * @param row the shape of a constant's rows; other values have their own
         */
        public Batch rows(int rows, Shape row) {
            var batch = Batch.allocate(rows, constant ? row : example.rowShape());
            for (int i = 0; i < rows * batch.rowSize(); i++) {
                batch.buffer().put(i, example.get(0, constant ? 0 : i % batch.rowSize()));
            }
            return batch;
        }
    }

    /**
     * Returns the dimensions that a constant fills: those that the model specifies. An unknown one
     * is the number of rows if it is the first, or else the searched input's at the same place, or
     * 1.
     *
     * @param stated the dimensions that the model specifies, beginning with the batch; at most 0 if
     *     unknown; null if nothing is known
     * @param rows the number of rows
     * @param searched the shape of a row of the searched input
     */
    public static int[] filled(@Nullable List<Long> stated, int rows, Shape searched) {
        if (stated == null) {
            return new int[] {rows, 1};
        }
        var dims = new int[stated.size()];
        for (int i = 0; i < dims.length; i++) {
            int unknown = i == 0 ? rows : i <= searched.rank() ? searched.dimension(i - 1) : 1;
            if (stated.get(i) > Integer.MAX_VALUE) {
                throw new DataException(
                        "The model declares a size of %d for an input: export it again.".formatted(stated.get(i)));
            }
            dims[i] = stated.get(i) > 0 ? Math.toIntExact(stated.get(i)) : unknown;
        }
        return dims;
    }

    /**
     * Returns inputs for a trial, with the side inputs of the first input in each row.
     *
     * @param inputs rows of the searched input
     */
    public Batch onTrial(Batch inputs) {
        var sides = new LinkedHashMap<String, Batch>();
        given.forEach((name, side) -> {
            if (!side.constant()) {
                sides.put(name, side.rows(inputs.rows(), side.example().rowShape()));
            }
        });
        return inputs.withSide(sides);
    }

    /**
     * Returns the name of the searched input. If nothing is named or given, the only input that has
     * to be passed is searched, whatever its type.
     *
     * @param model its name, for messages
     * @param inputs the names of all its inputs
     * @param real the names of its floating-point inputs
     * @param optional the names of inputs that may be omitted
     * @throws UsageException if names are unknown, inputs are missing, or several may be searched
     */
    public String choose(
            String model, Collection<String> inputs, Collection<String> real, Collection<String> optional) {
        var required = new LinkedHashSet<>(inputs);
        required.removeAll(optional);
        if (required.size() == 1 && given.isEmpty() && searched.isEmpty()) {
            return required.iterator().next();
        }
        for (var name : given.keySet()) {
            requireKnown(model, name, inputs);
        }
        var left = new LinkedHashSet<>(inputs);
        left.removeAll(given.keySet());
        var candidates = new LinkedHashSet<>(left);
        candidates.retainAll(real);
        candidates.removeAll(optional);
        if (searched.isPresent()) {
            requireKnown(model, searched.get(), inputs);
            if (given.containsKey(searched.get())) {
                throw new UsageException(
                        "The input '%s' of %s is both searched and given: give or search another input."
                                .formatted(searched.get(), model),
                        Remedy.GIVE_INPUT,
                        Remedy.NAME_SEARCHED_INPUT);
            }
            candidates.retainAll(Set.of(searched.get()));
        }
        var all = "%s has %d inputs (%s)".formatted(model, inputs.size(), String.join(", ", inputs));
        if (candidates.size() > 1) {
            throw new UsageException(
                    "%s, of which %s could be searched: choose the searched input, and give the others."
                            .formatted(all, String.join(" and ", candidates)),
                    Remedy.NAME_SEARCHED_INPUT,
                    Remedy.GIVE_INPUT);
        }
        if (candidates.isEmpty()) {
            throw new UsageException(
                    "%s has no floating-point input that could be searched (its inputs are %s, given are %s): pass fewer inputs, or export it with a float input."
                            .formatted(
                                    model,
                                    String.join(", ", inputs),
                                    given.isEmpty() ? "none" : String.join(", ", given.keySet())),
                    Remedy.GIVE_INPUT,
                    Remedy.NAME_SEARCHED_INPUT);
        }
        var chosen = candidates.iterator().next();
        left.remove(chosen);
        left.removeAll(optional);
        if (!left.isEmpty()) {
            throw new UsageException(
                    "%s, of which '%s' is searched: give %s, as an array with one row per input or as one value."
                            .formatted(all, chosen, String.join(" and ", left)),
                    Remedy.GIVE_INPUT);
        }
        return chosen;
    }

    private static void requireKnown(String model, String name, Collection<String> inputs) {
        if (!inputs.contains(name)) {
            throw new UsageException(
                    "%s has no input '%s': use one of %s.".formatted(model, name, String.join(", ", inputs)),
                    Remedy.GIVE_INPUT);
        }
    }
}
