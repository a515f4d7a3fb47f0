package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.files.ContentHash;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How invariant inputs are searched for. The distance of a search is each input's relative distance
 * {@code ||m(x') - m(x)||_p / ||m(x)||_p} for the reference model m.
 *
 * @param method how they are found
 * @param seed where a search begins, and what scores are compared with
 * @param rngSeed keys all random numbers
 * @since 0.1.0
 */
public record InversionSettings(Method method, Seed seed, long rngSeed) {
    /** The published settings. */
    public static final InversionSettings REFERENCE = of(GradientDescent.PUBLISHED);

    /** Checks that nothing is missing. */
    public InversionSettings {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(seed, "seed");
    }

    /** A method from the published seed. */
    public static InversionSettings of(Method method) {
        return new InversionSettings(method, new Seed.SuperNoise(), 0);
    }

    /** What users call the rule of the search. */
    public Optimizer optimizer() {
        return method.optimizer();
    }

    /** The norm of the relative distance. */
    public Norm norm() {
        return method.norm();
    }

    /** The most steps for each input; 0 if the method makes none. */
    public int iterations() {
        return method.iterations();
    }

    /** The relative distance at which an input is found and leaves the search; 0 for none. */
    public double tolerance() {
        return method.tolerance();
    }

    /** The network that the search moves away from. */
    public Optional<SecondNetwork> secondNetwork() {
        return method.secondNetwork();
    }

    /** These settings with another method. */
    public InversionSettings withMethod(Method other) {
        return new InversionSettings(other, seed, rngSeed);
    }

    /**
     * These settings with another number of iterations.
     *
     * @throws UsageException as {@link Method#withIterations}
     */
    public InversionSettings withIterations(int other) {
        return withMethod(method.withIterations(other));
    }

    /** These settings with another seed. */
    public InversionSettings withSeed(Seed other) {
        return new InversionSettings(method, other, rngSeed);
    }

    /** These settings with another key of the random numbers. */
    public InversionSettings withRngSeed(long other) {
        return new InversionSettings(method, seed, other);
    }

    /**
     * These settings with another word for an option, as users would write it. Another optimiser
     * brings its own iterations and tolerance.
     *
     * @throws UsageException if the word means nothing, or does not go with the other settings
     */
    public InversionSettings with(SearchOption option, String word) {
        return SearchWords.of(this).with(SearchWords.of(Map.of(option, word))).settings();
    }

    /**
     * Everything that the results of a search depend on, by the names of the options and in a fixed
     * order: two searches of the same network and inputs find the same if their descriptions and
     * what their {@link #files} hold are equal. Of a file only its last name is there. Terms, steps
     * and constraints that are not there are left out, and so are values of the published steps.
     *
     * @return values are {@link String}, {@link Boolean}, {@link Integer}, {@link Long} or {@link
     *     Double}; can't be changed
     */
    public Map<String, Object> describe() {
        return Collections.unmodifiableMap(SearchWords.describe(this));
    }

    /**
     * As {@link #describe}, with the hash of what each file holds, as {@code seed-sha256} after
     * {@code seed}.
     *
     * @param hash computes or knows the hash of a file
     */
    public Map<String, Object> describe(Function<Path, String> hash) {
        var files = files();
        var described = new LinkedHashMap<String, Object>();
        describe()
                .forEach(
                        (name, value) -> {
                            described.put(name, value);
                            var file = files.get(name);
                            if (file != null) {
                                described.put(name + "-sha256", hash.apply(file));
                            }
                        });
        return Collections.unmodifiableMap(described);
    }

    /**
     * As {@link #describe}, with the hashes of the files, all of which it reads.
     *
     * @throws stir.api.DataException if a file can't be read
     */
    public Map<String, Object> describeContent() {
        return describe(ContentHash::of);
    }

    /**
     * The files and folders whose content the results depend on, by the names of the options: of
     * seeds, candidates and a second network. Can't be changed.
     */
    public Map<String, Path> files() {
        return Collections.unmodifiableMap(SearchWords.files(this));
    }
}
