package stir.core.inversion;

import static stir.core.inversion.SearchOption.*;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import stir.api.Norm;

/** Parsed values of search options: the only mapping between options and settings. Immutable. */
final class SearchValues {
    /** Values that change nothing: an option that has its usual value counts as not given. */
    private static final Map<SearchOption, Object> USUAL = Map.of(
            TOLERANCE,
            0.0,
            NORM,
            Norm.L2,
            FAKE_RELU,
            true,
            STEP,
            Steps.PUBLISHED.step(),
            MOMENTUM,
            Steps.PUBLISHED.momentum(),
            FOURIER,
            Steps.PUBLISHED.fourier(),
            RANDOM_STEPS,
            Steps.PUBLISHED.random());

    private final Map<SearchOption, Object> values;

    private SearchValues(Map<SearchOption, Object> values) {
        this.values = values;
    }

    /** Takes ownership of values that the options have parsed. */
    static SearchValues of(EnumMap<SearchOption, Object> parsed) {
        return new SearchValues(parsed);
    }

    /**
     * Returns the values that represent settings. Terms, steps and constraints without effect are
     * left out.
     */
    static SearchValues of(Method method, Seed seed, long rngSeed) {
        var all = new SearchValues(new EnumMap<>(SearchOption.class));
        all.put(OPTIMIZER, method.optimizer());
        all.put(SEED, seed);
        all.put(RNG_SEED, rngSeed);
        all.put(NORM, method.norm());
        if (method instanceof Method.Stepwise stepwise) {
            all.put(stepwise.common());
        }
        if (method instanceof GradientDescent descent) {
            all.put(descent.objective());
            all.put(descent.steps());
        } else if (method instanceof NearestNeighbour nearest) {
            var option = nearest.paired() ? PAIRS : CANDIDATES;
            nearest.candidates().ifPresent(path -> all.put(option, path));
        }
        return all;
    }

    private void put(StepwiseSettings common) {
        put(ITERATIONS, common.iterations());
        put(TOLERANCE, common.tolerance());
        put(FAKE_RELU, common.fakeRelu());
        common.ball().ifPresent(ball -> put(BALL, ball));
    }

    private void put(Objective objective) {
        if (objective.controversial().isPresent()) {
            var controversial = objective.controversial().get();
            put(CONTROVERSIAL, controversial.network().model());
            put(CONTROVERSIAL_FACTOR, controversial.factor());
            put(controversial.network());
        }
        putUnlessEmpty(TERM, objective.terms());
        putUnlessEmpty(TRANSFORM, objective.augmentations());
    }

    private void put(SecondNetwork second) {
        second.layer().ifPresent(layer -> put(SECOND_LAYER, layer));
        putUnlessEmpty(SECOND_MEAN, second.mean());
        putUnlessEmpty(SECOND_STD, second.standardDeviation());
        if (!second.inputs().given().isEmpty()) {
            put(SECOND_INPUT, second.inputs().given());
        }
        second.inputs().searched().ifPresent(name -> put(SECOND_SEARCH_INPUT, name));
    }

    private void put(Steps steps) {
        putUnlessUsual(STEP, steps.step());
        putUnlessUsual(MOMENTUM, steps.momentum());
        putUnlessUsual(FOURIER, steps.fourier());
        putUnlessUsual(RANDOM_STEPS, steps.random());
        steps.estimate().ifPresent(estimate -> put(ESTIMATE_GRADIENTS, estimate));
    }

    private void put(SearchOption option, Object value) {
        values.put(option, value);
    }

    private void putUnlessEmpty(SearchOption option, List<?> value) {
        if (!value.isEmpty()) {
            put(option, value);
        }
    }

    private void putUnlessUsual(SearchOption option, Object value) {
        if (!value.equals(USUAL.get(option))) {
            put(option, value);
        }
    }

    /** Returns the values by their options, in the order of the options. */
    Map<SearchOption, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Returns whether an option has a value that may change results. */
    boolean isGiven(SearchOption option) {
        return values.containsKey(option) && !values.get(option).equals(USUAL.get(option));
    }

    /** Returns whether the optimiser is named, and not left to the default. */
    boolean namesOptimizer() {
        return isGiven(OPTIMIZER) || isGiven(PAIRS);
    }

    /** Returns the optimiser, however it is named. */
    Optimizer optimizer() {
        return get(OPTIMIZER, isGiven(PAIRS) ? Optimizer.CANDIDATES : Optimizer.DEFAULT);
    }

    /**
     * Returns these values with others in their place. Another optimiser brings its own iterations
     * and tolerance; a term replaces the one of the same id.
     */
    SearchValues with(SearchValues others) {
        var all = new EnumMap<SearchOption, Object>(SearchOption.class);
        all.putAll(values);
        if (others.namesOptimizer()) {
            if (others.optimizer() != optimizer()) {
                all.remove(ITERATIONS);
                all.remove(TOLERANCE);
            }
            all.remove(OPTIMIZER);
        }
        all.putAll(others.values);
        var terms = new TreeMap<String, WeightedTerm>();
        terms().forEach(term -> terms.put(term.id(), term));
        others.terms().forEach(term -> terms.put(term.id(), term));
        if (!terms.isEmpty()) {
            all.put(TERM, List.copyOf(terms.values()));
        }
        return new SearchValues(all);
    }

    private List<WeightedTerm> terms() {
        return get(TERM, List.of());
    }

    /**
     * Returns the settings that have these values; empty if options do not go together.
     *
     * @param problems the consumer that receives the first conflict
     */
    Optional<InversionSettings> settings(Consumer<SearchProblem> problems) {
        if (values.containsKey(PRESET)) {
            var others = new EnumMap<SearchOption, Object>(values);
            var preset = this.<Preset>find(PRESET).orElseThrow();
            others.remove(PRESET);
            return preset.arguments()
                    .values(problems)
                    .flatMap(own -> own.with(new SearchValues(others)).settings(problems));
        }
        var conflict = SearchRules.conflict(this);
        conflict.ifPresent(problems);
        return conflict.isPresent()
                ? Optional.empty()
                : Optional.of(new InversionSettings(method(), get(SEED, Seed.Kind.SUPER_NOISE), get(RNG_SEED, 0L)));
    }

    private Method method() {
        var method = optimizer().method();
        if (method instanceof NearestNeighbour) {
            var norm = get(NORM, method.norm());
            return isGiven(PAIRS)
                    ? new NearestNeighbour(norm, find(PAIRS), true)
                    : new NearestNeighbour(norm, find(CANDIDATES), false);
        }
        var common = new StepwiseSettings(
                get(ITERATIONS, method.iterations()),
                get(TOLERANCE, method.tolerance()),
                get(FAKE_RELU, true),
                find(BALL));
        if (method instanceof GaussNewton steps) {
            return new GaussNewton(steps.effort(), common);
        }
        return new GradientDescent(common, get(NORM, method.norm()), objective(), steps());
    }

    private Steps steps() {
        var published = Steps.PUBLISHED;
        return new Steps(
                get(STEP, published.step()),
                get(MOMENTUM, published.momentum()),
                get(FOURIER, published.fourier()),
                get(RANDOM_STEPS, published.random()),
                find(ESTIMATE_GRADIENTS));
    }

    private Objective objective() {
        var factor = get(CONTROVERSIAL_FACTOR, Controversial.Factor.PUBLISHED);
        return new Objective(
                terms(),
                this.<Path>find(CONTROVERSIAL).map(model -> new Controversial(second(model), factor)),
                get(TRANSFORM, List.of()));
    }

    private SecondNetwork second(Path model) {
        return new SecondNetwork(
                model,
                find(SECOND_LAYER),
                get(SECOND_MEAN, List.of()),
                get(SECOND_STD, List.of()),
                new SecondInputs(find(SECOND_SEARCH_INPUT), get(SECOND_INPUT, Map.of())));
    }

    @SuppressWarnings("unchecked") // an option's parser determines the type of its values
    private <T> Optional<T> find(SearchOption option) {
        return Optional.ofNullable((T) values.get(option));
    }

    private <T> T get(SearchOption option, T otherwise) {
        return this.<T>find(option).orElse(otherwise);
    }

    /**
     * Returns the values by option name; for a file, only its last name.
     *
     * @return values are {@link String}, {@link Boolean}, {@link Integer}, {@link Long} or {@link
     *     Double}
     */
    Map<String, Object> describe() {
        var described = new LinkedHashMap<String, Object>();
        values.forEach((option, value) -> described.put(option.word(), described(value)));
        return Collections.unmodifiableMap(described);
    }

    private static Object described(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Controversial.Factor factor) {
            return factor.word();
        }
        if (value instanceof Map<?, ?> given) {
            return SecondInputs.text(
                    given,
                    text -> SecondInputs.file(text).map(SearchValues::lastName).orElse(text));
        }
        return file(value).<Object>map(SearchValues::lastName).orElseGet(() -> text(value));
    }

    private static String lastName(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Returns the text of a value that its option parses. */
    static String text(Object value) {
        if (value instanceof Seed seed) {
            return seed.text();
        }
        if (value instanceof Controversial.Factor factor) {
            return factor.word().toString();
        }
        if (value instanceof Map<?, ?> given) {
            return SecondInputs.text(given, text -> text);
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : value.toString();
    }

    /** Returns the named files by option name; under every name if an option has several. */
    Map<String, Path> files() {
        var files = new LinkedHashMap<String, Path>();
        values.forEach((option, value) -> {
            file(value).ifPresent(path -> files.put(option.word(), path));
            if (value instanceof Map<?, ?> given) {
                for (var one : new TreeMap<>(given).entrySet()) {
                    var name = option.word() + " " + one.getKey();
                    SecondInputs.file(String.valueOf(one.getValue())).ifPresent(path -> files.put(name, path));
                }
            }
        });
        return Collections.unmodifiableMap(files);
    }

    private static Optional<Path> file(Object value) {
        if (value instanceof Seed.Given given) {
            return Optional.of(given.path());
        }
        return value instanceof Path path ? Optional.of(path) : Optional.empty();
    }
}
