package stir.core.similarity;

import stir.api.UsageException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/** The parameters of a measure: what there is, and the values now. Immutable. */
final class Parameters {
    /** None at all. */
    static final Parameters NONE = new Parameters(List.of());

    /** What a parameter takes. */
    private sealed interface Kind {
        /** Whether a text is a value of this kind. */
        boolean takes(String text);

        /** The values taken, in words that follow "needs". */
        String takenValues();
    }

    private record Real(DoublePredicate inRange, String takenValues) implements Kind {
        @Override
        public boolean takes(String text) {
            try {
                return inRange.test(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    private record Whole(int lowest) implements Kind {
        @Override
        public boolean takes(String text) {
            try {
                return Integer.parseInt(text) >= lowest;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        public String takenValues() {
            return "a whole number of at least " + lowest;
        }
    }

    private record Choice(List<String> options) implements Kind {
        @Override
        public boolean takes(String text) {
            return options.contains(text);
        }

        @Override
        public String takenValues() {
            return "one of " + String.join(", ", options);
        }
    }

    private record Parameter(String name, String explanation, Kind kind, String value) {
        Parameter withValue(String other) {
            return new Parameter(name, explanation, kind, other);
        }
    }

    private final List<Parameter> all;

    private Parameters(List<Parameter> all) {
        this.all = all;
    }

    private Parameters and(String name, String explanation, Kind kind, String defaultValue) {
        var more = new ArrayList<>(all);
        more.add(
                new Parameter(
                        name, explanation + " (default " + defaultValue + ")", kind, defaultValue));
        return new Parameters(List.copyOf(more));
    }

    /**
     * These and one that is a number.
     *
     * @param takenValues the range in words, as in "a number above 0"
     */
    Parameters andNumber(
            String name,
            String explanation,
            double defaultValue,
            DoublePredicate inRange,
            String takenValues) {
        return and(
                name, explanation, new Real(inRange, takenValues), Double.toString(defaultValue));
    }

    /** These and one that is a whole number of at least {@code lowest}. */
    Parameters andWhole(String name, String explanation, int defaultValue, int lowest) {
        return and(name, explanation, new Whole(lowest), Integer.toString(defaultValue));
    }

    /** These and one that is one of several words; the first is the default. */
    Parameters andChoice(String name, String explanation, List<String> options) {
        return and(
                name,
                explanation + ": " + String.join(", ", options),
                new Choice(options),
                options.get(0));
    }

    /** The explanations by name, as {@link stir.api.SimilarityMeasure#parameters} gives them. */
    Map<String, String> explanations() {
        var explanations = new LinkedHashMap<String, String>();
        for (var parameter : all) {
            explanations.put(parameter.name, parameter.explanation);
        }
        return Collections.unmodifiableMap(explanations);
    }

    /** The value of a number. */
    double number(String name) {
        return Double.parseDouble(parameter(name).value);
    }

    /** The value of a whole number. */
    int whole(String name) {
        return Integer.parseInt(parameter(name).value);
    }

    /** The value of a choice. */
    String choice(String name) {
        return parameter(name).value;
    }

    private Parameter parameter(String name) {
        return all.stream().filter(p -> p.name.equals(name)).findFirst().orElseThrow();
    }

    /**
     * These with other values.
     *
     * @param measure the measure's id, for messages
     * @throws UsageException if a name is unknown or a value not taken
     */
    Parameters with(String measure, Map<String, String> values) {
        for (var name : values.keySet()) {
            if (all.stream().noneMatch(p -> p.name.equals(name))) {
                throw new UsageException(
                        "The measure '%s' has no parameter '%s': it has %s."
                                .formatted(measure, name, names()));
            }
        }
        var changed = new ArrayList<Parameter>();
        for (var parameter : all) {
            var value = values.getOrDefault(parameter.name, parameter.value);
            if (!parameter.kind.takes(value)) {
                throw new UsageException(
                        "The parameter '%s' of the measure '%s' can't be '%s': it needs %s."
                                .formatted(
                                        parameter.name,
                                        measure,
                                        value,
                                        parameter.kind.takenValues()));
            }
            changed.add(parameter.withValue(value));
        }
        return new Parameters(List.copyOf(changed));
    }

    private String names() {
        return all.isEmpty()
                ? "none at all"
                : String.join(", ", all.stream().map(Parameter::name).toList());
    }
}
