package stir.core.inversion;

import java.util.List;
import java.util.function.Function;

/**
 * Something that is wrong with what was said about a search.
 *
 * @since 0.1.0
 */
public final class SearchMistake {
    private final String template;
    private final List<SearchOption> options;

    private SearchMistake(String template, List<SearchOption> options) {
        this.template = template;
        this.options = options;
    }

    /**
     * Options that do not go together.
     *
     * @param template the sentence, with {@code %s} for each option
     * @param options the first one is at fault
     */
    static SearchMistake of(String template, SearchOption... options) {
        return new SearchMistake(template, List.of(options));
    }

    /** A word that means nothing to its option. */
    static SearchMistake of(SearchOption option, String sentence) {
        return new SearchMistake("%s: " + sentence.replace("%", "%%"), List.of(option));
    }

    /** Which option is at fault. */
    public SearchOption option() {
        return options.get(0);
    }

    /**
     * What is wrong and what to do.
     *
     * @param naming how options are written where they were said
     */
    public String sentence(Function<SearchOption, String> naming) {
        return template.formatted(options.stream().map(naming).toArray());
    }

    /** The sentence with bare names. */
    @Override
    public String toString() {
        return sentence(SearchOption::word);
    }
}
