package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What is said about a search: a word for each option that is there. Every front end turns what its
 * users write into these words, so that the same words mean the same everywhere. Immutable.
 *
 * @since 0.1.0
 */
public final class SearchWords {
    private static final List<SearchOption> OF_SECOND_NETWORK =
            List.of(SearchOption.SECOND_LAYER, SearchOption.SECOND_MEAN, SearchOption.SECOND_STD);

    private static final List<SearchOption> OF_SHORT_TERMS =
            List.of(SearchOption.TV, SearchOption.BLUR, SearchOption.GREY);

    private final Map<SearchOption, String> words;

    private SearchWords(Map<SearchOption, String> words) {
        this.words = words;
    }

    /** Words by their options; paths are absolute or relative to the working directory. */
    public static SearchWords of(Map<SearchOption, String> words) {
        var copy = new EnumMap<SearchOption, String>(SearchOption.class);
        copy.putAll(words);
        return new SearchWords(copy);
    }

    /** The words that mean some settings. */
    static SearchWords of(InversionSettings settings) {
        var words = new EnumMap<SearchOption, String>(SearchOption.class);
        values(settings).forEach((option, value) -> words.put(option, text(value)));
        return new SearchWords(words);
    }

    /** The words by their options; can't be changed. */
    public Map<SearchOption, String> words() {
        return Collections.unmodifiableMap(words);
    }

    /**
     * These words with others over them. Another optimiser brings its own iterations and tolerance.
     */
    SearchWords with(SearchWords others) {
        var all = new EnumMap<SearchOption, String>(SearchOption.class);
        all.putAll(words);
        if (!others.optimizer(optimizer(Optimizer.REFERENCE.toString()))
                .equals(optimizer(Optimizer.REFERENCE.toString()))) {
            all.remove(SearchOption.ITERATIONS);
            all.remove(SearchOption.TOLERANCE);
        }
        if (others.isUntilConverged()) {
            all.remove(SearchOption.OPTIMIZER);
        }
        if (others.has(SearchOption.OPTIMIZER)) {
            all.remove(SearchOption.UNTIL_CONVERGED);
        }
        all.putAll(others.words);
        return new SearchWords(all);
    }

    /** The word for the optimiser. */
    private String optimizer(String otherwise) {
        return isUntilConverged()
                ? Optimizer.THOROUGH.toString()
                : words.getOrDefault(SearchOption.OPTIMIZER, otherwise);
    }

    private boolean isUntilConverged() {
        return "true".equals(words.get(SearchOption.UNTIL_CONVERGED));
    }

    /**
     * What the words mean.
     *
     * @throws UsageException for the first mistake, with bare names of options
     */
    public InversionSettings settings() {
        var mistakes = new ArrayList<SearchMistake>();
        return settings(mistakes::add)
                .orElseThrow(() -> new UsageException(mistakes.get(0).toString()));
    }

    /**
     * What the words mean; empty if there are mistakes.
     *
     * @param mistakes receives all words that mean nothing; if there are none, the first that does
     *     not go with others
     */
    public Optional<InversionSettings> settings(Consumer<SearchMistake> mistakes) {
        boolean mistaken = false;
        for (var word : words.entrySet()) {
            try {
                word.getKey().parse(word.getValue());
            } catch (UsageException e) {
                mistakes.accept(SearchMistake.of(word.getKey(), e.getMessage()));
                mistaken = true;
            }
        }
        if (mistaken) {
            return Optional.empty();
        }
        var preset = words.get(SearchOption.PRESET);
        var all = preset == null ? this : Preset.parse(preset).words().with(this);
        var conflict = all.conflict();
        conflict.ifPresent(mistakes);
        return conflict.isPresent() ? Optional.empty() : Optional.of(all.meaning());
    }

    /** Words that do not go together. */
    private Optional<SearchMistake> conflict() {
        var optimizer = Optimizer.parse(optimizer(Optimizer.REFERENCE.toString()));
        if (isUntilConverged()
                && words.containsKey(SearchOption.OPTIMIZER)
                && parsed(SearchOption.OPTIMIZER) != Optimizer.THOROUGH) {
            return conflict(
                    "%s searches with the optimizer thorough, and %s is another one: leave one of the two out.",
                    SearchOption.UNTIL_CONVERGED, SearchOption.OPTIMIZER);
        }
        if (has(SearchOption.CONTROVERSIAL) && has(SearchOption.CKA_ATTACK)) {
            return conflict(
                    "%s and %s are two objectives: take one of them.",
                    SearchOption.CKA_ATTACK, SearchOption.CONTROVERSIAL);
        }
        if (has(SearchOption.CONTROVERSIAL_FACTOR) && !has(SearchOption.CONTROVERSIAL)) {
            return conflict(
                    "%s is for a second network: add %s.",
                    SearchOption.CONTROVERSIAL_FACTOR, SearchOption.CONTROVERSIAL);
        }
        if (has(SearchOption.CKA_KEEP) && !has(SearchOption.CKA_ATTACK)) {
            return conflict(
                    "%s is for an attack on the CKA: add %s.",
                    SearchOption.CKA_KEEP, SearchOption.CKA_ATTACK);
        }
        if (!has(SearchOption.CONTROVERSIAL) && !has(SearchOption.CKA_ATTACK)) {
            for (var option : OF_SECOND_NETWORK) {
                if (has(option)) {
                    return conflict(
                            "%s is for a second network: add %s or %s.",
                            option, SearchOption.CONTROVERSIAL, SearchOption.CKA_ATTACK);
                }
            }
        }
        if (has(SearchOption.CANDIDATES) && optimizer != Optimizer.NEAREST) {
            return conflict(
                    "%s is for the optimizer nearest, not "
                            + optimizer
                            + ": leave it out, or choose nearest.",
                    SearchOption.CANDIDATES);
        }
        return optimizer == Optimizer.REFERENCE
                ? conflictOfGradients()
                : conflictOf(optimizer).or(() -> conflictOfObjective(optimizer));
    }

    private Optional<SearchMistake> conflictOfGradients() {
        if (isChanged(SearchOption.RANDOM_STEPS, false)) {
            for (var option :
                    List.of(
                            SearchOption.MOMENTUM,
                            SearchOption.FOURIER,
                            SearchOption.ESTIMATE_GRADIENTS)) {
                if (isChanged(option, option == SearchOption.MOMENTUM ? (Object) 0.0 : false)) {
                    return conflict(
                            "%2$s follow no gradient: leave %1$s out.",
                            option, SearchOption.RANDOM_STEPS);
                }
            }
        }
        boolean attack = has(SearchOption.CKA_ATTACK);
        if (attack) {
            if (has(SearchOption.ESTIMATE_GRADIENTS)) {
                return conflict(
                        "%s estimates distances alone, and %s has none: leave it out.",
                        SearchOption.ESTIMATE_GRADIENTS, SearchOption.CKA_ATTACK);
            }
            for (var option :
                    List.of(
                            SearchOption.TV,
                            SearchOption.BLUR,
                            SearchOption.GREY,
                            SearchOption.TERM,
                            SearchOption.TRANSFORM)) {
                if (has(option)) {
                    return conflict(
                            "%s does not go with %s, which has no other terms: leave it out.",
                            option, SearchOption.CKA_ATTACK);
                }
            }
        }
        boolean blind = attack || has(SearchOption.TRANSFORM);
        return blind && isChanged(SearchOption.TOLERANCE, 0.0)
                ? conflict(
                        "With %2$s no step measures the residual: leave %1$s out.",
                        SearchOption.TOLERANCE,
                        attack ? SearchOption.CKA_ATTACK : SearchOption.TRANSFORM)
                : Optional.empty();
    }

    /** What an optimiser without gradient steps does not take. */
    private Optional<SearchMistake> conflictOf(Optimizer optimizer) {
        var steps = Steps.PUBLISHED;
        var published =
                Map.<SearchOption, Object>of(
                        SearchOption.STEP, steps.step(),
                        SearchOption.MOMENTUM, steps.momentum(),
                        SearchOption.FOURIER, steps.fourier(),
                        SearchOption.RANDOM_STEPS, steps.random());
        for (var option :
                List.of(
                        SearchOption.STEP,
                        SearchOption.MOMENTUM,
                        SearchOption.FOURIER,
                        SearchOption.RANDOM_STEPS,
                        SearchOption.ESTIMATE_GRADIENTS)) {
            if (isChanged(option, published.getOrDefault(option, ""))) {
                return conflict(
                        "The optimizer "
                                + optimizer
                                + " chooses its steps itself: use the optimizer reference with %s.",
                        option);
            }
        }
        if (optimizer != Optimizer.NEAREST) {
            return isChanged(SearchOption.NORM, Norm.L2)
                    ? conflict(
                            "The optimizer "
                                    + optimizer
                                    + " takes the norm 2 only: use the optimizer reference for another %s.",
                            SearchOption.NORM)
                    : Optional.empty();
        }
        if (has(SearchOption.BALL)) {
            return conflict(
                    "The optimizer nearest takes candidates as they are: leave %s out.",
                    SearchOption.BALL);
        }
        if (has(SearchOption.ITERATIONS)
                || isChanged(SearchOption.TOLERANCE, 0.0)
                || isChanged(SearchOption.FAKE_RELU, true)) {
            return conflict(
                    "The optimizer nearest makes no steps: leave %s out.",
                    has(SearchOption.ITERATIONS)
                            ? SearchOption.ITERATIONS
                            : isChanged(SearchOption.TOLERANCE, 0.0)
                                    ? SearchOption.TOLERANCE
                                    : SearchOption.FAKE_RELU);
        }
        return Optional.empty();
    }

    private Optional<SearchMistake> conflictOfObjective(Optimizer optimizer) {
        for (var option : SearchOption.values()) {
            if (option.group() == SearchOption.Group.OBJECTIVE && has(option)) {
                return conflict(
                        "The optimizer "
                                + optimizer
                                + " knows the relative distance alone: use the optimizer reference with %s.",
                        option);
            }
        }
        return Optional.empty();
    }

    private static Optional<SearchMistake> conflict(String template, SearchOption... options) {
        return Optional.of(SearchMistake.of(template, options));
    }

    private boolean has(SearchOption option) {
        return words.containsKey(option);
    }

    private boolean isChanged(SearchOption option, Object published) {
        return has(option) && !parsed(option).equals(published);
    }

    private Object parsed(SearchOption option) {
        return option.parse(words.getOrDefault(option, ""));
    }

    /** The meaning of an option's word, if it is there. */
    private <T> Optional<T> value(SearchOption option, Class<T> type) {
        return has(option) ? Optional.of(type.cast(parsed(option))) : Optional.empty();
    }

    private InversionSettings meaning() {
        var published = InversionSettings.REFERENCE;
        return new InversionSettings(
                method(),
                value(SearchOption.SEED, Seed.class).orElse(published.seed()),
                value(SearchOption.RNG_SEED, Long.class).orElse(published.rngSeed()));
    }

    private Method method() {
        var method = Optimizer.parse(optimizer(Optimizer.REFERENCE.toString())).method();
        var ball = value(SearchOption.BALL, Ball.class);
        int iterations = value(SearchOption.ITERATIONS, Integer.class).orElse(method.iterations());
        double tolerance = value(SearchOption.TOLERANCE, Double.class).orElse(method.tolerance());
        var norm = value(SearchOption.NORM, Norm.class).orElse(method.norm());
        boolean fakeRelu = value(SearchOption.FAKE_RELU, Boolean.class).orElse(true);
        if (method instanceof GaussNewton steps) {
            return new GaussNewton(steps.effort(), iterations, tolerance, fakeRelu, ball);
        }
        if (method instanceof NearestNeighbour) {
            return new NearestNeighbour(norm, value(SearchOption.CANDIDATES, Path.class));
        }
        var attacked = value(SearchOption.CKA_ATTACK, Path.class).map(this::second);
        if (attacked.isPresent()) {
            return new CkaAttack(
                    attacked.get(),
                    value(SearchOption.CKA_KEEP, CkaAttack.Kept.class),
                    iterations,
                    norm,
                    fakeRelu,
                    steps(),
                    ball);
        }
        return new GradientDescent(
                iterations, tolerance, norm, fakeRelu, objective(), steps(), ball);
    }

    private Steps steps() {
        var published = Steps.PUBLISHED;
        return new Steps(
                value(SearchOption.STEP, Double.class).orElse(published.step()),
                value(SearchOption.MOMENTUM, Double.class).orElse(published.momentum()),
                value(SearchOption.FOURIER, Boolean.class).orElse(published.fourier()),
                value(SearchOption.RANDOM_STEPS, Boolean.class).orElse(published.random()),
                value(SearchOption.ESTIMATE_GRADIENTS, GradientEstimate.class));
    }

    private SecondNetwork second(Path model) {
        return new SecondNetwork(
                model,
                value(SearchOption.SECOND_LAYER, String.class),
                numbers(SearchOption.SECOND_MEAN),
                numbers(SearchOption.SECOND_STD));
    }

    private List<Double> numbers(SearchOption option) {
        return items(option, Double.class);
    }

    private <T> List<T> items(SearchOption option, Class<T> type) {
        return has(option)
                ? ((List<?>) parsed(option)).stream().<T>map(type::cast).toList()
                : List.of();
    }

    private Objective objective() {
        var terms = new TreeMap<String, WeightedTerm>();
        for (var option : OF_SHORT_TERMS) {
            value(option, WeightedTerm.class).ifPresent(term -> terms.put(term.id(), term));
        }
        items(SearchOption.TERM, WeightedTerm.class).forEach(term -> terms.put(term.id(), term));
        var factor =
                value(SearchOption.CONTROVERSIAL_FACTOR, Controversial.Factor.class)
                        .orElse(Controversial.Factor.PUBLISHED);
        return new Objective(
                List.copyOf(terms.values()),
                value(SearchOption.CONTROVERSIAL, Path.class)
                        .map(model -> new Controversial(second(model), factor)),
                items(SearchOption.TRANSFORM, Distortion.class));
    }

    /**
     * The values that settings have, in the order of the options. Terms, steps and constraints that
     * are not there are left out, and so are values of the published steps.
     */
    static Map<SearchOption, Object> values(InversionSettings settings) {
        var values = new EnumMap<SearchOption, Object>(SearchOption.class);
        var method = settings.method();
        values.put(SearchOption.OPTIMIZER, method.optimizer());
        values.put(SearchOption.SEED, settings.seed());
        values.put(SearchOption.RNG_SEED, settings.rngSeed());
        if (method instanceof GradientDescent descent) {
            values.put(SearchOption.ITERATIONS, descent.iterations());
            values.put(SearchOption.TOLERANCE, descent.tolerance());
            values.put(SearchOption.NORM, descent.norm());
            values.put(SearchOption.FAKE_RELU, descent.fakeRelu());
            put(descent.objective(), values);
            put(descent.steps(), values);
            descent.ball().ifPresent(ball -> values.put(SearchOption.BALL, ball));
        } else if (method instanceof GaussNewton steps) {
            values.put(SearchOption.ITERATIONS, steps.iterations());
            values.put(SearchOption.TOLERANCE, steps.tolerance());
            values.put(SearchOption.NORM, steps.norm());
            values.put(SearchOption.FAKE_RELU, steps.fakeRelu());
            steps.ball().ifPresent(ball -> values.put(SearchOption.BALL, ball));
        } else if (method instanceof NearestNeighbour nearest) {
            values.put(SearchOption.NORM, nearest.norm());
            nearest.candidates().ifPresent(path -> values.put(SearchOption.CANDIDATES, path));
        } else if (method instanceof CkaAttack attack) {
            values.put(SearchOption.ITERATIONS, attack.iterations());
            values.put(SearchOption.NORM, attack.norm());
            values.put(SearchOption.FAKE_RELU, attack.fakeRelu());
            values.put(SearchOption.CKA_ATTACK, attack.second().model());
            attack.kept().ifPresent(kept -> values.put(SearchOption.CKA_KEEP, kept.toString()));
            put(attack.second(), values);
            put(attack.steps(), values);
            attack.ball().ifPresent(ball -> values.put(SearchOption.BALL, ball));
        }
        return values;
    }

    private static void put(Objective objective, Map<SearchOption, Object> values) {
        objective
                .controversial()
                .ifPresent(
                        controversial -> {
                            values.put(SearchOption.CONTROVERSIAL, controversial.network().model());
                            values.put(
                                    SearchOption.CONTROVERSIAL_FACTOR,
                                    controversial.factor().word());
                            put(controversial.network(), values);
                        });
        var others = new ArrayList<WeightedTerm>();
        for (var term : objective.terms()) {
            ShortTerm.of(term)
                    .ifPresentOrElse(
                            known -> values.put(known.option(), known.text(term)),
                            () -> others.add(term));
        }
        if (!others.isEmpty()) {
            values.put(SearchOption.TERM, others);
        }
        if (!objective.distortions().isEmpty()) {
            values.put(SearchOption.TRANSFORM, objective.distortions());
        }
    }

    private static void put(SecondNetwork second, Map<SearchOption, Object> values) {
        second.layer().ifPresent(layer -> values.put(SearchOption.SECOND_LAYER, layer));
        if (!second.mean().isEmpty()) {
            values.put(SearchOption.SECOND_MEAN, second.mean());
        }
        if (!second.standardDeviation().isEmpty()) {
            values.put(SearchOption.SECOND_STD, second.standardDeviation());
        }
    }

    private static void put(Steps steps, Map<SearchOption, Object> values) {
        var published = Steps.PUBLISHED;
        if (steps.step() != published.step()) {
            values.put(SearchOption.STEP, steps.step());
        }
        if (steps.momentum() != published.momentum()) {
            values.put(SearchOption.MOMENTUM, steps.momentum());
        }
        if (steps.fourier()) {
            values.put(SearchOption.FOURIER, true);
        }
        if (steps.random()) {
            values.put(SearchOption.RANDOM_STEPS, true);
        }
        steps.estimate()
                .ifPresent(estimate -> values.put(SearchOption.ESTIMATE_GRADIENTS, estimate));
    }

    /** What an option's parser reads. */
    private static String text(Object value) {
        if (value instanceof Seed seed) {
            return seed.text();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value.toString();
    }

    /**
     * Values by the names of their options, of files the last name alone.
     *
     * @return values are {@link String}, {@link Boolean}, {@link Integer}, {@link Long} or {@link
     *     Double}
     */
    static Map<String, Object> describe(InversionSettings settings) {
        var described = new LinkedHashMap<String, Object>();
        var files = files(settings);
        values(settings)
                .forEach(
                        (option, value) -> {
                            var file = files.get(option.word());
                            boolean plain = value instanceof Number || value instanceof Boolean;
                            described.put(
                                    option.word(),
                                    file != null
                                            ? String.valueOf(file.getFileName())
                                            : plain ? value : text(value));
                        });
        return described;
    }

    /** The files that settings name, by the names of their options. */
    static Map<String, Path> files(InversionSettings settings) {
        var files = new LinkedHashMap<String, Path>();
        values(settings)
                .forEach(
                        (option, value) -> {
                            if (value instanceof Path path) {
                                files.put(option.word(), path);
                            } else if (value instanceof Seed.Given given) {
                                files.put(option.word(), given.path());
                            }
                        });
        return files;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SearchWords that && words.equals(that.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    @Override
    public String toString() {
        return words.toString();
    }
}
