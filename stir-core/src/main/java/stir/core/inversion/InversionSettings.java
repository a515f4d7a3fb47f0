package stir.core.inversion;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stir.api.Norm;
import stir.api.UsageException;
import stir.core.io.files.ContentHash;

/**
 * The settings of a search for invariant inputs. The distance of a search is each input's relative
 * distance {@code ||m(x') - m(x)||_p / ||m(x)||_p} for the reference model m.
 *
 * @param method the method that finds them
 * @param seed the start of a search, and the baseline of its scores
 * @param rngSeed the key of all random numbers
 * @since 0.1.0
 */
public record InversionSettings(Method method, Seed seed, long rngSeed) {
    /** The settings of a search for which nothing is chosen: {@link Optimizer#THOROUGH}. */
    public static final InversionSettings DEFAULT = of(Optimizer.DEFAULT.method());

    /** The published settings. */
    public static final InversionSettings PUBLISHED = of(GradientDescent.PUBLISHED);

    /**
     * Creates settings.
     *
     * @throws UsageException if parts of the method do not go together
     */
    public InversionSettings {
        var conflict = SearchRules.conflict(SearchValues.of(method, seed, rngSeed));
        if (conflict.isPresent()) {
            throw new UsageException(conflict.get().toString());
        }
    }

    /** Creates settings of a method, from the published seed. */
    public static InversionSettings of(Method method) {
        return new InversionSettings(method, Seed.Kind.SUPER_NOISE, 0);
    }

    /** Returns the optimiser, as users name it. */
    public Optimizer optimizer() {
        return method.optimizer();
    }

    /** Returns the norm of the relative distance. */
    public Norm norm() {
        return method.norm();
    }

    /** Returns the maximum number of steps per input; 0 if the method makes none. */
    public int iterations() {
        return method.iterations();
    }

    /**
     * Returns the relative distance at which an input has converged and leaves the search; 0 for
     * none.
     */
    public double tolerance() {
        return method.tolerance();
    }

    /**
     * Returns whether the search neither begins near the inputs nor has to stay there, and
     * minimises the residual: if it ends at the inputs, the layer ignores nothing.
     */
    public boolean mayLeaveInputs() {
        return method instanceof Method.Stepwise stepwise
                && stepwise.ball().isEmpty()
                && !(seed instanceof Seed.LightNoise)
                && !(seed instanceof Seed.Given);
    }

    /** Returns the network that the search moves away from. */
    public Optional<SecondNetwork> secondNetwork() {
        return method.secondNetwork();
    }

    /** Returns the terms of the objective; none of a method without one. */
    public List<WeightedTerm> terms() {
        return method instanceof GradientDescent descent ? descent.objective().terms() : List.of();
    }

    /** Returns these settings with another method. */
    public InversionSettings withMethod(Method other) {
        return new InversionSettings(other, seed, rngSeed);
    }

    /**
     * Returns these settings with another number of iterations.
     *
     * @throws UsageException if the method makes no steps, or the number is out of range
     */
    public InversionSettings withIterations(int other) {
        return with(SearchOption.ITERATIONS, Integer.toString(other));
    }

    /** Returns these settings with another seed. */
    public InversionSettings withSeed(Seed other) {
        return new InversionSettings(method, other, rngSeed);
    }

    /** Returns these settings with another key of the random numbers. */
    public InversionSettings withRngSeed(long other) {
        return new InversionSettings(method, seed, other);
    }

    /**
     * Returns these settings with another value of an option. Another optimiser brings its own
     * iterations and tolerance; a term replaces the term with the same id.
     *
     * @param text the value, as users write it
     * @throws UsageException if the option cannot parse the text, or does not go with the other
     *     settings
     */
    public InversionSettings with(SearchOption option, String text) {
        return SearchArguments.of(Map.of(option, text)).appliedTo(values());
    }

    /**
     * Returns whether an option can parse a value and it goes with the other settings, as {@link
     * #with} does.
     *
     * @param text the value, as users write it
     */
    public boolean allows(SearchOption option, String text) {
        return SearchArguments.of(Map.of(option, text))
                .values(problem -> {})
                .flatMap(own -> values().with(own).settings(problem -> {}))
                .isPresent();
    }

    private SearchValues values() {
        return SearchValues.of(method, seed, rngSeed);
    }

    /**
     * Returns everything that the results of a search depend on, by option name and in a fixed
     * order: two searches of the same network and inputs have the same results if their
     * descriptions and the content of their {@link #files} are equal. Files are described by their
     * last name. Unused terms, steps and constraints are left out, and so are the published values
     * of steps.
     *
     * @return values are {@link String}, {@link Boolean}, {@link Integer}, {@link Long} or {@link
     *     Double}; can't be changed
     */
    public Map<String, Object> describe() {
        return values().describe();
    }

    /**
     * Returns the same as {@link #describe}, with the hash of each file's content, as {@code
     * seed-sha256} after {@code seed}.
     *
     * @param hash the function that computes or looks up the hash of a file
     */
    public Map<String, Object> describe(Function<Path, String> hash) {
        var files = files();
        var described = new LinkedHashMap<String, Object>();
        for (var one : describe().entrySet()) {
            var name = one.getKey();
            described.put(name, one.getValue());
            for (var file : files.entrySet()) {
                if (file.getKey().equals(name) || file.getKey().startsWith(name + " ")) {
                    described.put(file.getKey() + "-sha256", hash.apply(file.getValue()));
                }
            }
        }
        return Collections.unmodifiableMap(described);
    }

    /**
     * Returns the same as {@link #describe}, with the hashes of the files, which it reads
     * completely.
     *
     * @throws stir.api.DataException if a file can't be read
     */
    public Map<String, Object> describeContent() {
        return describe(ContentHash::of);
    }

    /**
     * Returns the files and folders whose content the results depend on, by option name: seeds,
     * candidates, a second network and its inputs. Can't be changed.
     */
    public Map<String, Path> files() {
        return values().files();
    }
}
