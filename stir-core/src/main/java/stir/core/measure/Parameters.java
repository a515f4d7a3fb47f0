package stir.core.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import stir.api.UsageException;

/** The parameters of a measure with their current values. Immutable. */
record Parameters(List<Parameter> all) {
    /** An empty set of parameters. */
    static final Parameters NONE = new Parameters(List.of());

    /**
     * A parameter.
     *
     * @param accepts whether a text is a value of it
     * @param acceptedValues a description of the accepted values that can follow "needs"
     */
    private record Parameter(
            String name, String explanation, Predicate<String> accepts, String acceptedValues, String value) {
        Parameter withValue(String other) {
            return new Parameter(name, explanation, accepts, acceptedValues, other);
        }
    }

    private Parameters and(
            String name, String explanation, String defaultValue, String acceptedValues, Predicate<String> accepts) {
        var described = explanation + " (default " + defaultValue + ")";
        var more = new ArrayList<>(all);
        more.add(new Parameter(name, described, accepts, acceptedValues, defaultValue));
        return new Parameters(List.copyOf(more));
    }

    private static boolean isNumber(String text, DoublePredicate inRange) {
        try {
            return inRange.test(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isInteger(String text, int lowest) {
        try {
            return Integer.parseInt(text) >= lowest;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * Returns these parameters and one that is a number.
     *
     * @param acceptedValues a description of the range, as in "a number above 0"
     */
    Parameters andNumber(
            String name, String explanation, double defaultValue, DoublePredicate inRange, String acceptedValues) {
        return and(name, explanation, Double.toString(defaultValue), acceptedValues, text -> isNumber(text, inRange));
    }

    /** Returns these parameters and one that is a finite number of at least 0. */
    Parameters andNonNegative(String name, String explanation, double defaultValue) {
        return andNumber(
                name,
                explanation,
                defaultValue,
                value -> value >= 0 && value < Double.POSITIVE_INFINITY,
                "a number of at least 0");
    }

    /** Returns these parameters and one that is a finite number above 0. */
    Parameters andPositive(String name, String explanation, double defaultValue) {
        return andNumber(
                name,
                explanation,
                defaultValue,
                value -> value > 0 && value < Double.POSITIVE_INFINITY,
                "a number above 0");
    }

    /** Returns these parameters and one that is an integer of at least {@code lowest}. */
    Parameters andInteger(String name, String explanation, int defaultValue, int lowest) {
        return and(
                name,
                explanation,
                Integer.toString(defaultValue),
                "an integer of at least " + lowest,
                text -> isInteger(text, lowest));
    }

    /** Returns these parameters and one that is one of several words; the first is the default. */
    Parameters andChoice(String name, String explanation, List<String> options) {
        var words = String.join(", ", options);
        return and(name, explanation + ": " + words, options.get(0), "one of " + words, options::contains);
    }

    /** Returns the explanations by name, as {@link stir.api.SimilarityMeasure#parameters} does. */
    Map<String, String> explanations() {
        var explanations = new LinkedHashMap<String, String>();
        for (var parameter : all) {
            explanations.put(parameter.name, parameter.explanation);
        }
        return Collections.unmodifiableMap(explanations);
    }

    /** Returns the value of a number. */
    double number(String name) {
        return Double.parseDouble(parameter(name).value);
    }

    /** Returns the value of an integer. */
    int integer(String name) {
        return Integer.parseInt(parameter(name).value);
    }

    /** Returns the value of a choice. */
    String choice(String name) {
        return parameter(name).value;
    }

    private Parameter parameter(String name) {
        return all.stream().filter(p -> p.name.equals(name)).findFirst().orElseThrow();
    }

    /**
     * Returns these parameters with other values.
     *
     * @param measure the measure's id, for messages
     * @throws UsageException if a name is unknown or a value not accepted
     */
    Parameters with(String measure, Map<String, String> values) {
        for (var name : values.keySet()) {
            if (all.stream().noneMatch(p -> p.name.equals(name))) {
                throw new UsageException(
                        "The measure '%s' has no parameter '%s': it has %s.".formatted(measure, name, names()));
            }
        }
        var changed = new ArrayList<Parameter>();
        for (var parameter : all) {
            var value = values.getOrDefault(parameter.name, parameter.value);
            if (!parameter.accepts.test(value)) {
                throw new UsageException("The parameter '%s' of the measure '%s' can't be '%s': it needs %s."
                        .formatted(parameter.name, measure, value, parameter.acceptedValues));
            }
            changed.add(parameter.withValue(value));
        }
        return new Parameters(List.copyOf(changed));
    }

    private String names() {
        return all.isEmpty()
                ? "none"
                : String.join(", ", all.stream().map(Parameter::name).toList());
    }
}
