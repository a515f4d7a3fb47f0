package stir.core.inversion;

import stir.api.UsageException;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

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

    /** Parses the texts; empty if there are problems. */
    Optional<SearchValues> values(Consumer<SearchProblem> problems) {
        var values = new EnumMap<SearchOption, Object>(SearchOption.class);
        texts.forEach(
                (option, text) -> {
                    try {
                        values.put(option, option.parse(text));
                    } catch (UsageException e) {
                        problems.accept(problem(option, text, e.getMessage()));
                    }
                });
        return values.size() == texts.size()
                ? Optional.of(SearchValues.of(values))
                : Optional.empty();
    }

    private static SearchProblem problem(SearchOption option, String text, String sentence) {
        var problem = SearchProblem.of(option, sentence);
        return option == SearchOption.SEED && NUMBER.matcher(text).matches()
                ? problem.with(" The key of the random numbers is %s.", SearchOption.RNG_SEED)
                : problem;
    }
}
