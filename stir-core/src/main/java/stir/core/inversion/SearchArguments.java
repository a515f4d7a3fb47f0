package stir.core.inversion;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.api.UsageException;

/**
 * Arguments of a search: a text per option that is given. Every front end converts its users' input
 * to arguments, so the same text means the same everywhere. Immutable.
 *
 * @since 0.1.0
 */
public final class SearchArguments {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");

    private final Map<SearchOption, String> texts;

    private SearchArguments(Map<SearchOption, String> texts) {
        this.texts = texts;
    }

    /**
     * Creates arguments.
     *
     * @param texts the texts by their options; paths are absolute or relative to the working
     *     directory
     */
    public static SearchArguments of(Map<SearchOption, String> texts) {
        var copy = new EnumMap<SearchOption, String>(SearchOption.class);
        copy.putAll(texts);
        return new SearchArguments(copy);
    }

    /**
     * Returns the settings that the arguments ask for.
     *
     * @throws UsageException for the first problem, with bare option names
     */
    public InversionSettings settings() {
        return appliedTo(SearchValues.of(new EnumMap<>(SearchOption.class)));
    }

    /**
     * Returns the settings that have some values, unless the arguments set others.
     *
     * @throws UsageException for the first problem, with bare option names
     */
    InversionSettings appliedTo(SearchValues values) {
        var problems = new ArrayList<SearchProblem>();
        return values(problems::add)
                .flatMap(own -> values.with(own).settings(problems::add))
                .orElseThrow(() -> new UsageException(problems.get(0).toString()));
    }

    /**
     * Returns the settings that the arguments ask for; empty if there are problems.
     *
     * @param problems the consumer that receives all texts that their options cannot parse; if
     *     there are none, the first pair of options that do not go together
     */
    public Optional<InversionSettings> settings(Consumer<SearchProblem> problems) {
        return values(problems).flatMap(values -> values.settings(problems));
    }

    /**
     * Returns the settings with which all arguments agree; empty if there are problems.
     *
     * @param allowed the settings of which one is returned, which differ in their seeds at most
     * @param rule the name, in messages, of the rule that allows only these
     * @param problems the consumer that receives arguments that can't be parsed, or the first that
     *     disagrees, or the seed if several settings are left
     */
    public Optional<InversionSettings> among(
            List<InversionSettings> allowed, String rule, Consumer<SearchProblem> problems) {
        if (values(problems).isEmpty()) {
            return Optional.empty();
        }
        var left = allowed;
        for (var option : texts.keySet()) {
            var agreeing =
                    left.stream().filter(settings -> agrees(option, settings)).toList();
            if (agreeing.isEmpty()) {
                problems.accept(required(option, left, rule));
                return Optional.empty();
            }
            left = agreeing;
        }
        if (left.size() > 1) {
            problems.accept(required(SearchOption.SEED, left, rule));
            return Optional.empty();
        }
        return Optional.of(left.get(0));
    }

    private boolean agrees(SearchOption option, InversionSettings settings) {
        var text = texts.getOrDefault(option, "");
        return option != SearchOption.PRESET // whose other options would win
                && settings.allows(option, text)
                && settings.with(option, text).equals(settings);
    }

    private static SearchProblem required(SearchOption option, List<InversionSettings> allowed, String rule) {
        var values = allowed.stream()
                .flatMap(one -> Stream.ofNullable(one.describe().get(option.word())))
                .map(Object::toString)
                .distinct()
                .collect(Collectors.joining(" or "));
        var required = values.isEmpty() ? "that it is left out" : values;
        return SearchProblem.of(option, "%s requires %s.".formatted(rule, required));
    }

    /** Parses the texts; empty if there are problems. */
    Optional<SearchValues> values(Consumer<SearchProblem> problems) {
        var values = new EnumMap<SearchOption, Object>(SearchOption.class);
        texts.forEach((option, text) -> {
            try {
                values.put(option, option.parse(text));
            } catch (UsageException e) {
                problems.accept(problem(option, text, e.getMessage()));
            }
        });
        return values.size() == texts.size() ? Optional.of(SearchValues.of(values)) : Optional.empty();
    }

    private static SearchProblem problem(SearchOption option, String text, String sentence) {
        var problem = SearchProblem.of(option, sentence);
        return option == SearchOption.SEED && NUMBER.matcher(text).matches()
                ? problem.with(" The key of the random numbers is %s.", SearchOption.RNG_SEED)
                : problem;
    }
}
