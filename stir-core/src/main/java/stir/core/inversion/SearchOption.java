package stir.core.inversion;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stir.api.Norm;
import stir.api.UsageException;
import stir.api.support.Words;

/**
 * All settings of a search. The command line's options, the keys of an experiment file, {@link
 * InversionSettings#describe} and the manual are generated from this table.
 *
 * @since 0.1.0
 */
public enum SearchOption {
    PRESET(
            Group.SEARCH,
            "NAME",
            text -> Words.parse(Preset.class, "preset", text),
            "Settings of a paper: published, reg-free, freq, tv or jones, all with {optimizer} published; other options override single settings."),
    OPTIMIZER(
            Group.SEARCH,
            "NAME",
            Optimizer::named,
            "The optimiser: `thorough` (default), for scores to report, converges ({tolerance}) to the invariant input nearest to its seed and restarts stalled searches; `fast`, for a quick look, makes only the first of its steps; `published` repeats the paper's algorithm, to compare with papers; `candidates` chooses among {candidates}."),
    ITERATIONS(
            Group.SEARCH,
            "N",
            text -> StepwiseSettings.checkedIterations(integer(text)),
            "The maximum number of steps per input (default: thorough and published 1000, fast 100)."),
    TOLERANCE(
            Group.SEARCH,
            "R",
            text -> StepwiseSettings.checkedTolerance(decimal(text)),
            "The relative distance at which an input has converged (default: 0.005; fast and published: 0, so they make all steps)."),
    SEED(
            Group.SEARCH,
            ValueKind.VALUE_OR_FILE,
            "KIND",
            Seed::parse,
            "Start of the search: super-noise (default), smooth-noise (for images; better for short searches of some networks), one-noise, uniform, one-uniform, light-noise[:DEVIATION], constant:VALUE, white, black, all-kinds, other-input, other-class (needs labels), far (outside the range; repeats are as different as possible), or a file or folder of seeds."),
    RNG_SEED(
            Group.SEARCH,
            "N",
            SearchOption::key,
            "The seed of all random numbers (default: 0). On a CPU, the same seed gives the same results for any batch size and number of threads."),
    NORM(Group.SEARCH, "2|inf|P", Norm::parse, "The distance's norm (default: 2)."),
    FAKE_RELU(
            Group.SEARCH,
            "Whether a last ReLU before the layer may pass gradients unchanged (default: it may). `fast` uses this only if the ReLU is the layer; in searches of photos, other ReLUs leak (up to 100 iterations) or are extended."),
    CONTROVERSIAL(
            Group.OBJECTIVE,
            ValueKind.FILE,
            "MODEL",
            Path::of,
            "Moves the representation of a second network away from the input's, while the reference's still matches."),
    CONTROVERSIAL_FACTOR(
            Group.OBJECTIVE,
            "F|auto",
            Controversial.Factor::parse,
            "The weight of the second network's relative distance against the reference's (default: 0.1); or auto: the weight that makes the two equal at each step, for each input."),
    SECOND_LAYER(
            Group.OBJECTIVE,
            "NAME",
            text -> text,
            "The second network's layer (default: the last before its classifier)."),
    SECOND_MEAN(
            Group.OBJECTIVE,
            ValueKind.LIST,
            "V",
            SearchOption::decimals,
            "The mean to subtract from inputs in [0,1] for the second network: one value, or one per channel."),
    SECOND_STD(
            Group.OBJECTIVE,
            ValueKind.LIST,
            "V",
            SearchOption::decimals,
            "The standard deviation to divide the result by."),
    SECOND_INPUT(
            Group.OBJECTIVE,
            ValueKind.NAMED_FILES,
            "NAME=FILE|VALUE",
            SecondInputs::parse,
            "Side input of the second network, by its name in the model: an array with one row"
                    + " per input, or one value for all inputs; repeatable."),
    SECOND_SEARCH_INPUT(
            Group.OBJECTIVE,
            "NAME",
            text -> text,
            "Input of the second network to search (default: the only floating-point input that" + " is not given)."),
    TERM(
            Group.OBJECTIVE,
            ValueKind.LIST,
            "ID[?NAME=VALUE]:WEIGHT",
            SearchOption::terms,
            "Adds a term of the pixels, with a weight relative to the distance's 1: tv (total variation), blur (distance from a blurred copy), grey (distance from an even grey) or one of a plug-in, as in tv:0.1 or tv?beta=3:0.1; repeatable."),
    TRANSFORM(
            Group.OBJECTIVE,
            ValueKind.LIST,
            "KIND:AMOUNT",
            Augmentation::parse,
            "Changes the image at random before each pass, in the given order: jitter:PIXELS, pad:PIXELS, scale:SHARE, rotate:DEGREES, separated by commas."),
    STEP(
            Group.STEPS,
            "LENGTH",
            text -> Steps.checkedStep(decimal(text)),
            "The length of a step of the optimiser published (default: 0.5)."),
    MOMENTUM(
            Group.STEPS,
            "M",
            text -> Steps.checkedMomentum(decimal(text)),
            "Its momentum, from 0 to below 1 (default: 0)."),
    FOURIER(
            Group.STEPS,
            "Whether to make steps in the scaled Fourier spectrum, which favours low frequencies (default: no)."),
    RANDOM_STEPS(
            Group.STEPS,
            "Whether to move each pixel at random, by {step} times a normal number, instead of along the gradient: a control (default: no)."),
    ESTIMATE_GRADIENTS(
            Group.STEPS,
            "SAMPLES[:RADIUS]",
            GradientEstimate::parse,
            "Estimates each gradient from the distances at SAMPLES points around it (an even number), RADIUS away (default: 0.1), for layers without gradients. A step requires SAMPLES + 1 forward passes."),
    BALL(
            Group.STEPS,
            "NORM:RADIUS@CENTRE",
            Ball::parse,
            "Keeps every point within a distance, as in l2:0.5@seed or linf:0.1@input."),
    CANDIDATES(
            Group.STEPS,
            ValueKind.FILE,
            "DIR|FILE",
            Path::of,
            "The candidates of the optimiser candidates (default: the inputs; an input is never its own neighbour)."),
    PAIRS(
            Group.STEPS,
            ValueKind.FILE,
            "DIR|FILE",
            Path::of,
            "A paired input for each input, in order, used in place of a searched invariant input, such as a paraphrase or an input from another tool; its residual is measured.");

    /** A group of options in manuals. */
    public enum Group {
        /** The search itself. */
        SEARCH,
        /** Other objectives of a search. */
        OBJECTIVE,
        /** Other steps, constraints and candidates. */
        STEPS
    }

    /** The kind of an option's value. */
    public enum ValueKind {
        /** No text, or {@code true}: the option needs no value. */
        FLAG,
        /** {@code true} or {@code false}. */
        YES_OR_NO,
        /** One string. */
        VALUE,
        /** Several strings, separated by commas. */
        LIST,
        /** Names with a path or a value each, separated by commas. */
        NAMED_FILES,
        /** A path. */
        FILE,
        /** A path if a file or folder exists there, and otherwise a string. */
        VALUE_OR_FILE
    }

    private static final Pattern OPTION_IN_HELP = Pattern.compile("\\{([a-z-]+)\\}");

    private final Group group;
    private final ValueKind kind;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are stateless
    private final Function<String, ?> parser;

    private final String help;

    /** Creates an option that is true or false. */
    SearchOption(Group group, String help) {
        this(group, ValueKind.YES_OR_NO, "", SearchOption::truth, help);
    }

    /** Creates an option of one value. */
    SearchOption(Group group, String label, Function<String, ?> parser, String help) {
        this(group, ValueKind.VALUE, label, parser, help);
    }

    SearchOption(Group group, ValueKind kind, String label, Function<String, ?> parser, String help) {
        this.group = group;
        this.kind = kind;
        this.label = label;
        this.parser = parser;
        this.help = help;
    }

    /** Returns the option of a name; empty if there is none. */
    public static Optional<SearchOption> named(String name) {
        return Arrays.stream(values())
                .filter(option -> option.names().contains(name))
                .findFirst();
    }

    /** Returns the option's name, as in {@code rng-seed}. */
    public String word() {
        return Words.of(this);
    }

    /** Returns the names that users may write: {@link #word}, and its other spelling. */
    public List<String> names() {
        return this == OPTIMIZER ? List.of(word(), "optimiser") : List.of(word());
    }

    /** Returns the group in manuals. */
    public Group group() {
        return group;
    }

    /** Returns the kind of the option's value. */
    public ValueKind kind() {
        return kind;
    }

    /** Returns the placeholder of the value in manuals; of a list, of one item. */
    public String label() {
        return label;
    }

    /**
     * Returns the explanation, a sentence or two.
     *
     * @param naming the form in which users write other options, given their names
     */
    public String help(UnaryOperator<String> naming) {
        return OPTION_IN_HELP.matcher(help).replaceAll(match -> Matcher.quoteReplacement(naming.apply(match.group(1))));
    }

    /**
     * Returns the value that a text stands for.
     *
     * @throws UsageException if the text is malformed or out of range
     */
    Object parse(String text) {
        return parser.apply(text.strip());
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UsageException("'%s' is not true or false.".formatted(text));
        };
    }

    private static int integer(String text) {
        return number(
                text, Integer::valueOf, "an integer between 1 and %d".formatted(StepwiseSettings.MOST_ITERATIONS));
    }

    private static long key(String text) {
        return number(text, Long::valueOf, "an integer between %d and %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static double decimal(String text) {
        return number(text, Double::valueOf, "a number");
    }

    private static List<Double> decimals(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(part -> decimal(part.strip()))
                .toList();
    }

    private static List<WeightedTerm> terms(String text) {
        var terms = Arrays.stream(text.split(",", -1)).map(WeightedTerm::parse);
        return Objective.of(terms.toArray(WeightedTerm[]::new)).terms();
    }

    private static <T> T number(String text, Function<String, T> parser, String wanted) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new UsageException("'%s' is not %s.".formatted(text, wanted), e);
        }
    }
}
