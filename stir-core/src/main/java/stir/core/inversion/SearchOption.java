package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What users can say about a search: the one table of its settings. The command line's options, an
 * experiment file's keys, {@link InversionSettings#describe} and the manual follow it. {@link
 * SearchWords} turns words into settings and back.
 *
 * @since 0.1.0
 */
public enum SearchOption {
    PRESET(
            Group.SEARCH,
            Kind.VALUE,
            "NAME",
            Preset::parse,
            "Settings of papers: reference (default), reg-free, freq, tv or jones; other options change single ones."),
    OPTIMIZER(
            Group.SEARCH,
            Kind.VALUE,
            "NAME",
            Optimizer::parse,
            "The optimiser (default: reference); `reference` is the published algorithm, step for step; `fast` remembers Jacobian rows for Gauss-Newton steps (norm 2 only); `thorough` takes them to the nearest invariant input; `nearest` takes the nearest of {candidates} instead."),
    UNTIL_CONVERGED(
            Group.SEARCH,
            Kind.FLAG,
            "",
            SearchOption::truth,
            "Searches until each input is found within {tolerance}, and then for the nearest such point to its seed, in 1000 iterations at most; stuck ones begin again elsewhere: short for {optimizer} thorough."),
    ITERATIONS(
            Group.SEARCH,
            Kind.VALUE,
            "N",
            text -> Method.checkedIterations(whole(text)),
            "The most steps for each input (default: the optimizer's own; reference and thorough: 1000, fast: 100)."),
    TOLERANCE(
            Group.SEARCH,
            Kind.VALUE,
            "R",
            text -> Method.checkedTolerance(decimal(text)),
            "The relative distance at which an input is found and leaves the search (default: 0, all steps are made; thorough: 0.005)."),
    SEED(
            Group.SEARCH,
            Kind.VALUE_OR_FILE,
            "KIND",
            Seed::parse,
            "Where the search begins: super-noise (default), one-noise, uniform, one-uniform, light-noise[:DEVIATION], constant:VALUE, white, black, all-kinds, other-input, other-class (needs labels), or a file or folder of seeds."),
    RNG_SEED(
            Group.SEARCH,
            Kind.VALUE,
            "N",
            SearchOption::key,
            "The seed of all random numbers (default: 0). The same one gives the same results for any batch size and number of threads."),
    NORM(Group.SEARCH, Kind.VALUE, "2|inf|P", Norm::parse, "The distance's norm (default: 2)."),
    FAKE_RELU(
            Group.SEARCH,
            Kind.YES_OR_NO,
            "",
            SearchOption::truth,
            "Whether a last ReLU before the layer may pass gradients unchanged (default: it may); `fast` lets it only where the ReLU is the layer."),
    CONTROVERSIAL(
            Group.OBJECTIVE,
            Kind.FILE,
            "MODEL",
            Path::of,
            "Moves the representation of a second network away from the input's, while the reference's matches."),
    CONTROVERSIAL_FACTOR(
            Group.OBJECTIVE,
            Kind.VALUE,
            "F|auto",
            Controversial.Factor::parse,
            "The weight of the second network's relative distance against the reference's (default: 0.1); or auto: that which makes both equal at each step, input by input."),
    CKA_ATTACK(
            Group.OBJECTIVE,
            Kind.FILE,
            "MODEL",
            Path::of,
            "Instead of matching anything, makes the linear CKA of the reference and this network small, over groups of up to 100 inputs."),
    CKA_KEEP(
            Group.OBJECTIVE,
            Kind.VALUE,
            "reference|second|neither",
            CkaAttack.Kept::parse,
            "In a CKA attack, which network's representations stay similar, by linear CKA, to those of the inputs; the other one's are moved away from them (default: that counts for none)."),
    SECOND_LAYER(
            Group.OBJECTIVE,
            Kind.VALUE,
            "NAME",
            text -> text,
            "The second network's layer (default: the last before its classifier)."),
    SECOND_MEAN(
            Group.OBJECTIVE,
            Kind.LIST,
            "V",
            SearchOption::decimals,
            "What is subtracted from inputs in [0,1] before the second network takes them: one value, or one for each channel."),
    SECOND_STD(
            Group.OBJECTIVE,
            Kind.LIST,
            "V",
            SearchOption::decimals,
            "The standard deviation that they are divided by then."),
    TV(
            Group.OBJECTIVE,
            Kind.VALUE,
            "WEIGHT[:BETA]",
            text -> ShortTerm.TV.parse(text),
            "Adds the total variation, to the power of beta/2 (default: 2), with a weight against the relative distance's 1."),
    BLUR(
            Group.OBJECTIVE,
            Kind.VALUE,
            "WEIGHT",
            text -> ShortTerm.BLUR.parse(text),
            "Adds half the squared distance from a blurred copy."),
    GREY(
            Group.OBJECTIVE,
            Kind.VALUE,
            "WEIGHT[:P[:LEVEL]]",
            text -> ShortTerm.GREY.parse(text),
            "Adds the L_P distance (default: 1) of the pixels from a grey (default: 0.5)."),
    TERM(
            Group.OBJECTIVE,
            Kind.LIST,
            "ID[?NAME=VALUE]:WEIGHT",
            SearchOption::terms,
            "Adds any term that is there, also one of a plug-in, as in tv?beta=3:0.1; repeatable."),
    TRANSFORM(
            Group.OBJECTIVE,
            Kind.LIST,
            "KIND:AMOUNT",
            Distortion::parse,
            "Distorts the image at random before each pass, in this order: jitter:PIXELS, pad:PIXELS, scale:SHARE, rotate:DEGREES, with commas in between."),
    STEP(
            Group.STEPS,
            Kind.VALUE,
            "LENGTH",
            text -> Steps.PUBLISHED.withStep(decimal(text)).step(),
            "The length of a step of the optimizer reference (default: 0.5)."),
    MOMENTUM(
            Group.STEPS,
            Kind.VALUE,
            "M",
            text -> Steps.PUBLISHED.withMomentum(decimal(text)).momentum(),
            "Its momentum, from 0 to below 1 (default: 0)."),
    FOURIER(
            Group.STEPS,
            Kind.YES_OR_NO,
            "",
            SearchOption::truth,
            "Whether it steps in the scaled Fourier spectrum, which favours low frequencies (default: it does not)."),
    RANDOM_STEPS(
            Group.STEPS,
            Kind.YES_OR_NO,
            "",
            SearchOption::truth,
            "Whether each pixel moves at random, by {step} times a normal number, instead of along the gradient: a control (default: it does not)."),
    ESTIMATE_GRADIENTS(
            Group.STEPS,
            Kind.VALUE,
            "SAMPLES[:RADIUS]",
            GradientEstimate::parse,
            "Estimates each gradient from the distances at SAMPLES points around it (an even number), RADIUS away (default: 0.1), instead of computing it: for layers without gradients. A step takes SAMPLES + 1 forward passes."),
    BALL(
            Group.STEPS,
            Kind.VALUE,
            "NORM:RADIUS@CENTRE",
            Ball::parse,
            "Keeps every point within a distance, as in l2:0.5@seed or linf:0.1@input."),
    CANDIDATES(
            Group.STEPS,
            Kind.FILE,
            "DIR|FILE",
            Path::of,
            "What the optimizer nearest chooses from (default: the inputs; an input is never its own neighbour).");

    /** Options that belong together. */
    public enum Group {
        SEARCH("How to search"),
        OBJECTIVE("Other objectives of a search (with the optimizer reference)"),
        STEPS("Other steps, constraints and candidates");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        /** What manuals write above them. */
        public String heading() {
            return heading;
        }
    }

    /** What an option's word is. */
    public enum Kind {
        /** Nothing, or {@code true}: the option alone says it. */
        FLAG,
        /** {@code true} or {@code false}. */
        YES_OR_NO,
        /** One word. */
        VALUE,
        /** Several words, with commas in between. */
        LIST,
        /** A path. */
        FILE,
        /** A path where there is something, else a word. */
        VALUE_OR_FILE
    }

    private static final Pattern OPTION_IN_HELP = Pattern.compile("\\{([a-z-]+)\\}");

    private final Group group;
    private final Kind kind;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are without state
    private final Function<String, ?> parser;

    private final String help;

    SearchOption(Group group, Kind kind, String label, Function<String, ?> parser, String help) {
        this.group = group;
        this.kind = kind;
        this.label = label;
        this.parser = parser;
        this.help = help;
    }

    /** The option that has a name. */
    public static Optional<SearchOption> named(String word) {
        return Arrays.stream(values()).filter(option -> option.word().equals(word)).findFirst();
    }

    /** Its name, as in {@code rng-seed}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Where it belongs. */
    public Group group() {
        return group;
    }

    /** What its word is. */
    public Kind kind() {
        return kind;
    }

    /** What stands for its word in manuals; of a list, for one of its words. */
    public String label() {
        return label;
    }

    /**
     * What it does, in a sentence or two.
     *
     * @param naming how other options are written, given their names
     */
    public String help(UnaryOperator<String> naming) {
        return OPTION_IN_HELP
                .matcher(help)
                .replaceAll(found -> Matcher.quoteReplacement(naming.apply(found.group(1))));
    }

    /**
     * What its word means.
     *
     * @throws UsageException if it means nothing
     */
    Object parse(String text) {
        return parser.apply(text.strip());
    }

    private static boolean truth(String text) {
        return Optional.ofNullable(Map.of("true", true, "false", false).get(text))
                .orElseThrow(
                        () -> new UsageException("'%s' is not true or false.".formatted(text)));
    }

    private static int whole(String text) {
        return number(text, Integer::valueOf, "a whole number of a usual size");
    }

    private static long key(String text) {
        return number(text, Long::valueOf, "a whole number");
    }

    private static double decimal(String text) {
        return number(text, Double::valueOf, "a number");
    }

    private static List<Double> decimals(String text) {
        return Arrays.stream(text.split(",", -1)).map(part -> decimal(part.strip())).toList();
    }

    private static List<WeightedTerm> terms(String text) {
        return Arrays.stream(text.split(",", -1)).map(WeightedTerm::parse).toList();
    }

    private static <T> T number(String text, Function<String, T> parser, String wanted) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new UsageException("'%s' is not %s.".formatted(text, wanted), e);
        }
    }
}
