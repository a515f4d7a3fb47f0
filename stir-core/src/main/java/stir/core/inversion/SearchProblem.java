package stir.core.inversion;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A problem of the arguments of a search.
 *
 * @since 0.1.0
 */
public final class SearchProblem {
    private final String template;
    private final List<SearchOption> options;

    private SearchProblem(String template, List<SearchOption> options) {
        this.template = template;
        this.options = options;
    }

    /**
     * Creates a problem of options that do not go together.
     *
     * @param template the sentence, with {@code %s} for each option
     * @param options the options; the first is at fault
     */
    static SearchProblem of(String template, List<SearchOption> options) {
        return new SearchProblem(template, options);
    }

    /** Creates a problem of a value that its option cannot parse. */
    static SearchProblem of(SearchOption option, String sentence) {
        return new SearchProblem("%s: " + sentence.replace("%", "%%"), List.of(option));
    }

    /**
     * Returns the problem with an additional sentence, which refers to another option as {@code
     * %s}.
     */
    SearchProblem with(String sentence, SearchOption other) {
        return new SearchProblem(
                template + sentence,
                Stream.concat(options.stream(), Stream.of(other)).toList());
    }

    /** Returns the option at fault. */
    public SearchOption option() {
        return options.get(0);
    }

    /**
     * Returns the sentence: the problem and its remedy.
     *
     * @param naming the form in which users write options
     */
    public String sentence(Function<SearchOption, String> naming) {
        return template.formatted(options.stream().map(naming).toArray());
    }

    /** Returns the sentence with bare names. */
    @Override
    public String toString() {
        return sentence(SearchOption::word);
    }
}
