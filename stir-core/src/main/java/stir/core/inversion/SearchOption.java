package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;
import stir.api.support.Words;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
            "Settings of papers: published, reg-free, freq, tv or jones, all with {optimizer} published; other options change single ones."),
    OPTIMIZER(
            Group.SEARCH,
            "NAME",
            Optimizer::named,
            "The optimiser: `thorough` (default) searches until each input has converged ({tolerance}), and then for the nearest such point to its seed, which gives the value to report; stuck searches begin again elsewhere; `fast` makes the first of its steps alone, for a first impression; `published` is the algorithm of the paper, step for step, to compare with papers; `candidates` chooses among {candidates}."),
    UNTIL_CONVERGED(
            Group.SEARCH,
            ValueKind.FLAG,
            "",
            SearchOption::truth,
            "Another name of {optimizer} thorough, the default."),
    ITERATIONS(
            Group.SEARCH,
            "N",
            text -> StepwiseSettings.checkedIterations(integer(text)),
            "The most steps for each input (default: the optimizer's own; thorough and published: 1000, fast: 100)."),
    TOLERANCE(
            Group.SEARCH,
            "R",
            text -> StepwiseSettings.checkedTolerance(decimal(text)),
            "The relative distance at which an input is found and leaves the search (default: 0.005; fast and published: 0, all steps are made)."),
    SEED(
            Group.SEARCH,
            ValueKind.VALUE_OR_FILE,
            "KIND",
            Seed::parse,
            "Where the search begins: super-noise (default), smooth-noise (for images; on some networks a few steps leave less residual), one-noise, uniform, one-uniform, light-noise[:DEVIATION], constant:VALUE, white, black, all-kinds, other-input, other-class (needs labels), far (outside of the range; repeats differ as much as can be), or a file or folder of seeds."),
    RNG_SEED(
            Group.SEARCH,
            "N",
            SearchOption::key,
            "The seed of all random numbers (default: 0). The same one gives the same results for any batch size and number of threads."),
    NORM(Group.SEARCH, "2|inf|P", Norm::parse, "The distance's norm (default: 2)."),
    FAKE_RELU(
            Group.SEARCH,
            "Whether a last ReLU before the layer may pass gradients unchanged (default: it may); `fast` lets it only where the ReLU is the layer, and lets others leak in photos of up to 100 iterations; longer searches of photos, by `thorough` too, extend units that it turns off."),
    CONTROVERSIAL(
            Group.OBJECTIVE,
            ValueKind.FILE,
            "MODEL",
            Path::of,
            "Moves the representation of a second network away from the input's, while the reference's matches."),
    CONTROVERSIAL_FACTOR(
            Group.OBJECTIVE,
            "F|auto",
            Controversial.Factor::parse,
            "The weight of the second network's relative distance against the reference's (default: 0.1); or auto: the weight that makes both equal at each step, input by input."),
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
            "The mean that is subtracted from inputs in [0,1] before the second network receives them: one value, or one per channel."),
    SECOND_STD(
            Group.OBJECTIVE,
            ValueKind.LIST,
            "V",
            SearchOption::decimals,
            "The standard deviation that the differences are divided by."),
    SECOND_INPUT(
            Group.OBJECTIVE,
            ValueKind.NAMED_FILES,
            "NAME=FILE|VALUE",
            SecondInputs::parse,
            "Input of the second network that is not searched, by its name in the model: an array"
                    + " with one row per input (NPY, or NPZ with an array of that name), or one value"
                    + " for all inputs; repeatable."),
    SECOND_SEARCH_INPUT(
            Group.OBJECTIVE,
            "NAME",
            text -> text,
            "Input of the second network that is searched (default: the only floating-point one"
                    + " that is not given)."),
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
            "Changes the image at random before each pass, in this order: jitter:PIXELS, pad:PIXELS, scale:SHARE, rotate:DEGREES, with commas in between."),
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
            "Whether steps are taken in the scaled Fourier spectrum, which favours low frequencies (default: they are not)."),
    RANDOM_STEPS(
            Group.STEPS,
            "Whether each pixel moves at random, by {step} times a normal number, instead of along the gradient: a control (default: it does not)."),
    ESTIMATE_GRADIENTS(
            Group.STEPS,
            "SAMPLES[:RADIUS]",
            GradientEstimate::parse,
            "Estimates each gradient from the distances at SAMPLES points around it (an even number), RADIUS away (default: 0.1), instead of computing it: for layers without gradients. A step takes SAMPLES + 1 forward passes."),
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
            "One input per input, in order, that is taken for its invariant input without a search, such as a paraphrase or an input of another tool; its residual is measured.");

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
        /** No text, or {@code true}: the option alone is enough. */
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

    SearchOption(
            Group group, ValueKind kind, String label, Function<String, ?> parser, String help) {
        this.group = group;
        this.kind = kind;
        this.label = label;
        this.parser = parser;
        this.help = help;
    }

    /** Returns the option of a name; empty if there is none. */
    public static Optional<SearchOption> named(String name) {
        return Arrays.stream(values()).filter(option -> option.names().contains(name)).findFirst();
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
        return OPTION_IN_HELP
                .matcher(help)
                .replaceAll(found -> Matcher.quoteReplacement(naming.apply(found.group(1))));
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
                text,
                Integer::valueOf,
                "an integer between 1 and %d".formatted(StepwiseSettings.MOST_ITERATIONS));
    }

    private static long key(String text) {
        return number(
                text,
                Long::valueOf,
                "an integer between %d and %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static double decimal(String text) {
        return number(text, Double::valueOf, "a number");
    }

    private static List<Double> decimals(String text) {
        return Arrays.stream(text.split(",", -1)).map(part -> decimal(part.strip())).toList();
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
