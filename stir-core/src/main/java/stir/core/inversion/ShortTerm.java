package stir.core.inversion;

import stir.api.Norm;
import stir.api.ObjectiveTerm;
import stir.api.UsageException;
import stir.core.inversion.term.Blur;
import stir.core.inversion.term.Grey;
import stir.core.inversion.term.TotalVariation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A term with an option of its own, which takes its weight and then its parameters, with colons in
 * between.
 */
enum ShortTerm {
    TV(SearchOption.TV, new TotalVariation(), Map.of(TotalVariation.BETA, "2.0")),
    BLUR(SearchOption.BLUR, new Blur(), Map.of()),
    GREY(SearchOption.GREY, new Grey(), greyDefaults());

    private final SearchOption option;

    @SuppressWarnings("ImmutableEnumChecker") // terms have no state that changes
    private final ObjectiveTerm term;

    @SuppressWarnings("ImmutableEnumChecker") // not changed
    private final Map<String, String> defaults;

    ShortTerm(SearchOption option, ObjectiveTerm term, Map<String, String> defaults) {
        this.option = option;
        this.term = term;
        this.defaults = defaults;
    }

    private static Map<String, String> greyDefaults() {
        var defaults = new LinkedHashMap<String, String>(); // in this order behind the weight
        defaults.put(Grey.P, Norm.L1.toString());
        defaults.put(Grey.LEVEL, "0.5");
        return defaults;
    }

    /** The one that writes a term; empty if the term takes other parameters, or has no option. */
    static Optional<ShortTerm> of(WeightedTerm weighted) {
        for (var one : values()) {
            if (one.term.id().equals(weighted.id())
                    && one.defaults.keySet().equals(weighted.parameters().keySet())) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /** The option. */
    SearchOption option() {
        return option;
    }

    /**
     * Reads the option's word.
     *
     * @throws UsageException if a number is missing, unreadable or out of its range
     */
    WeightedTerm parse(String text) {
        var numbers = numbers(text);
        var parameters = new LinkedHashMap<>(defaults);
        int at = 1;
        for (var name : defaults.keySet()) {
            if (at < numbers.size()) {
                double number = numbers.get(at++);
                parameters.put(
                        name,
                        name.equals(Grey.P)
                                ? new Norm(number).toString()
                                : Double.toString(number));
            }
        }
        term.with(parameters); // checks the ranges
        return new WeightedTerm(term.id(), parameters, numbers.get(0));
    }

    private List<Double> numbers(String text) {
        var numbers = new ArrayList<Double>();
        try {
            for (var part : text.split(":", -1)) {
                numbers.add(part.equals("inf") ? Double.POSITIVE_INFINITY : Double.valueOf(part));
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "'%s' does not fit %s: write a weight and, after colons, its other numbers."
                            .formatted(text, term.id()),
                    e);
        }
        int most = 1 + defaults.size();
        if (numbers.size() > most) {
            throw new UsageException(
                    "'%s' has %d numbers, but %s takes %d at most."
                            .formatted(text, numbers.size(), term.id(), most));
        }
        return numbers;
    }

    /** What {@link #parse} reads. */
    String text(WeightedTerm weighted) {
        var text = new StringBuilder(Double.toString(weighted.weight()));
        defaults.keySet().forEach(name -> text.append(':').append(weighted.parameters().get(name)));
        return text.toString();
    }
}
