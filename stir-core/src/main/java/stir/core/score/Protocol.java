package stir.core.score;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.inversion.SearchProblem;
import stir.core.inversion.Seed;
import stir.core.network.NetworkSpec;
import stir.core.network.UnitSample;
import stir.core.representation.RepresentationReduction;

/**
 * A protocol of scores for public tables: settings that are fixed before anything is computed, so
 * that scores of different authors are comparable. The values of a protocol never change; other
 * values are a protocol of another name. Searches by a protocol have the cache keys of the same
 * searches by explicit settings.
 *
 * @since 0.1.0
 */
public enum Protocol {
    /** Scores of networks that others trained: a search of 100 Gauss-Newton steps. */
    REAL_1(
            40,
            new ScoreSettings(
                    SearchArguments.of(Map.of(
                                    SearchOption.OPTIMIZER, "fast",
                                    SearchOption.ITERATIONS, "100",
                                    SearchOption.RNG_SEED, "0"))
                            .settings(),
                    List.of("linear-cka", "linear-cka-debiased"),
                    1,
                    RepresentationReduction.FLATTEN,
                    1_000_000_000L,
                    Optional.empty()),
            Map.of(
                    InputsSpec.Kind.IMAGES, List.of(Seed.Kind.SUPER_NOISE),
                    InputsSpec.Kind.SOUNDS, List.of(Seed.Kind.OTHER_INPUT),
                    InputsSpec.Kind.ARRAYS, List.of(Seed.Kind.SUPER_NOISE, Seed.Kind.OTHER_INPUT)));

    private final int fewestInputs;

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable
    private final ScoreSettings fixed;

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable
    private final Map<InputsSpec.Kind, List<Seed.Kind>> seeds;

    Protocol(int fewestInputs, ScoreSettings fixed, Map<InputsSpec.Kind, List<Seed.Kind>> seeds) {
        this.fewestInputs = fewestInputs;
        this.fixed = fixed;
        this.seeds = seeds;
    }

    /**
     * Returns the protocol of a name, such as {@code real-1}.
     *
     * @throws UsageException if there is none; the message lists the names
     */
    public static Protocol parse(String name) {
        return Words.parse(Protocol.class, "protocol", name);
    }

    /**
     * Returns the search for inputs of a kind, if the given arguments agree with it; empty if there
     * are problems. Arrays may contain anything, so their seed has to be given.
     *
     * @param given the arguments that are given next to the protocol
     * @param problems the consumer that receives arguments that disagree, or the missing seed
     */
    public Optional<InversionSettings> search(
            InputsSpec.Kind kind, SearchArguments given, Consumer<SearchProblem> problems) {
        return given.among(searches(kind), "the protocol " + this, problems);
    }

    private List<InversionSettings> searches(InputsSpec.Kind kind) {
        return seeds.getOrDefault(kind, List.of()).stream()
                .map(fixed.inversion()::withSeed)
                .toList();
    }

    /**
     * Returns all settings of a score.
     *
     * @param seed the seed of the searches
     * @throws UsageException if the protocol has no such seed
     */
    public ScoreSettings settings(Seed seed) {
        return new ScoreSettings(
                fixed.inversion().withSeed(seed),
                fixed.measures(),
                fixed.repeats(),
                fixed.reduction(),
                fixed.memory(),
                Optional.of(this));
    }

    /**
     * Checks settings.
     *
     * @throws UsageException if one is not the protocol's
     */
    void check(
            InversionSettings inversion,
            List<String> measures,
            int repeats,
            RepresentationReduction reduction,
            long memory) {
        var allowed = searches(InputsSpec.Kind.ARRAYS);
        if (!allowed.contains(inversion)) {
            check("the search", allowed.get(0).describe(), inversion.describe());
        }
        check("measures", fixed.measures(), measures);
        check("repeats", fixed.repeats(), repeats);
        check("reduce", fixed.reduction().word(), reduction.word());
        check("memory", fixed.memory(), memory);
    }

    private void check(String setting, Object value, Object given) {
        if (!value.equals(given)) {
            throw new UsageException("The protocol %s sets %s to %s, not %s.".formatted(this, setting, value, given));
        }
    }

    /**
     * Checks the number of searches of an experiment.
     *
     * @throws UsageException if there is not exactly one
     */
    public void checkSearches(int number) {
        check("the number of searches", 1, number);
    }

    /**
     * Checks that searches match one whole layer of one network.
     *
     * @param layers the names of the measured layers
     * @throws UsageException if they match anything else
     */
    public void check(NetworkSpec network, List<String> layers) {
        if (!network.moreLayers().isEmpty()
                || !network.references().isEmpty()
                || layers.stream().anyMatch(layer -> UnitSample.named(layer).isPresent())) {
            throw new UsageException(
                    "The protocol %s matches one whole layer of one network: leave out further layers, references and samples of units of %s."
                            .formatted(this, network.file()));
        }
    }

    /**
     * Checks the number of inputs.
     *
     * @throws UsageException if there are too few
     */
    public void checkInputs(int count) {
        if (count < fewestInputs) {
            throw new UsageException(
                    "The protocol %s needs at least %d inputs, and there are %d.".formatted(this, fewestInputs, count));
        }
    }

    /** Returns the name and the version, such as {@code real-1}. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
