package stir.core;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Stage;

import stir.api.BackendProvider;
import stir.api.Device;
import stir.api.Matrix;
import stir.api.UsageException;
import stir.core.extension.Extensions;
import stir.core.inputs.Inputs;
import stir.core.internal.CoreModule;
import stir.core.internal.Scorer;
import stir.core.internal.StirVersion;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.ResultFolder;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;
import stir.core.progress.ProgressListener;
import stir.core.score.Comparison;
import stir.core.score.ScoreSettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures shared invariances between networks: the entry to everything else.
 *
 * <pre>{@code
 * var stir = Stir.load();
 * try (var a = stir.open(NetworkSpec.of(Path.of("a.pt")));
 *         var b = stir.open(NetworkSpec.of(Path.of("b.pt")))) {
 *     var comparison = stir.compare(a, b, Inputs.open(Path.of("digits")), ScoreSettings.REFERENCE);
 *     System.out.println(comparison.bGivenA().stir());
 * }
 * }</pre>
 *
 * <p>Source: Nanda et al., Measuring Representational Robustness of Neural Networks Through Shared
 * Invariances, ICML 2022.
 */
public final class Stir {
    private final Injector injector;

    private Stir(Injector injector) {
        this.injector = injector;
    }

    /** Stir with the backends and measures on the module or class path. */
    public static Stir load() {
        return load(Optional.empty(), defaultCache());
    }

    /**
     * Stir with what else was dropped into a folder.
     *
     * @param home a folder with {@code backends/NAME/*.jar} and {@code plugins/*.jar}; either may
     *     be missing
     */
    public static Stir load(Path home) {
        return load(Optional.of(home), defaultCache());
    }

    /**
     * Stir with a cache of its own.
     *
     * @param home as {@link #load(Path)}, or empty
     * @param cache a folder that backends may unpack native libraries into; it may not exist yet
     */
    public static Stir load(Optional<Path> home, Path cache) {
        return new Stir(Guice.createInjector(Stage.PRODUCTION, new CoreModule(home, cache)));
    }

    /** {@code $STIR_CACHE}, or {@code stir} in the user's cache folder. */
    private static Path defaultCache() {
        var chosen = System.getenv("STIR_CACHE");
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        var caches = System.getenv("XDG_CACHE_HOME");
        var base =
                caches != null && !caches.isBlank()
                        ? Path.of(caches)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("stir");
    }

    /** The version of Stir, for example {@code 0.1.0}. */
    public static String version() {
        return StirVersion.current();
    }

    /** The backends and measures that were found, and what could not be used. */
    public Extensions extensions() {
        return injector.getInstance(Extensions.class);
    }

    /**
     * Opens a network; its caller closes it.
     *
     * @throws UsageException if the file is not there, or no backend knows it
     * @throws stir.api.DataException if the file can't be used
     * @throws stir.api.BackendException if the backend fails
     */
    public Network open(NetworkSpec spec) {
        return injector.getInstance(ModelOpener.class).open(spec);
    }

    /**
     * As {@link #compare(Network, Network, Inputs, ScoreSettings, ProgressListener)}, in silence.
     */
    public Comparison compare(Network a, Network b, Inputs inputs, ScoreSettings settings) {
        return compare(a, b, inputs, settings, ProgressListener.SILENT);
    }

    /**
     * Compares two networks: STIR in both directions and the plain similarity. The result does not
     * depend on threads or batch size.
     *
     * @param a the first network
     * @param b the second network
     * @param inputs what they are compared on; both take them after their preprocessing
     * @param settings how
     * @param listener hears how far the work has come
     * @throws UsageException if a layer or measure is unknown, or does not fit
     * @throws stir.api.DataException if a network does not take such inputs, or gives NaN
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     */
    public Comparison compare(
            Network a,
            Network b,
            Inputs inputs,
            ScoreSettings settings,
            ProgressListener listener) {
        return injector.getInstance(Scorer.class)
                .compare(a, b, inputs, settings, Optional.empty(), listener);
    }

    /**
     * As {@link #compare(Network, Network, Inputs, ScoreSettings, ProgressListener)}, and keeps
     * what the searches find in folders of a folder as they go; errors also as {@link
     * #invert(Network, Inputs, InversionSettings, ResultFolder, ProgressListener)}.
     *
     * @param folder where; the listener hears what was found there
     */
    public Comparison compare(
            Network a,
            Network b,
            Inputs inputs,
            ScoreSettings settings,
            ResultFolder folder,
            ProgressListener listener) {
        return injector.getInstance(Scorer.class)
                .compare(a, b, inputs, settings, Optional.of(folder), listener);
    }

    /**
     * Finds invariant inputs of one network, errors as {@link #compare(Network, Network, Inputs,
     * ScoreSettings, ProgressListener)}.
     */
    public Inversion invert(
            Network reference,
            Inputs inputs,
            InversionSettings settings,
            ProgressListener listener) {
        return injector.getInstance(Scorer.class)
                .invert(reference, inputs, settings, Optional.empty(), listener);
    }

    /**
     * As {@link #invert(Network, Inputs, InversionSettings, ProgressListener)}, and keeps what is
     * found in a folder as it goes. Called again after its process was killed, it goes on where it
     * stopped, with the same result. The invariant inputs are read from the folder on demand.
     *
     * @param folder where; the listener hears what was found there
     * @throws UsageException if the folder belongs to another search, is written by another process
     *     or can't be written
     * @throws stir.api.BackendException if the disk is full; what was found is saved
     */
    public Inversion invert(
            Network reference,
            Inputs inputs,
            InversionSettings settings,
            ResultFolder folder,
            ProgressListener listener) {
        return injector.getInstance(Scorer.class)
                .invert(reference, inputs, settings, Optional.of(folder), listener);
    }

    /**
     * Compares two representations of the same inputs.
     *
     * @param a one row an input
     * @param b the same inputs in the same order
     * @param measures ids of measures, parameters included
     * @return each measure's value, in the order asked for
     * @throws UsageException if a measure is unknown, or the matrices differ in rows
     * @throws stir.api.DataException if a measure is not defined for these matrices
     */
    public Map<String, Double> similarity(Matrix a, Matrix b, List<String> measures) {
        if (a.rows() != b.rows()) {
            throw new UsageException(
                    "The first matrix has %d rows and the second %d, but each row must be the same input in both."
                            .formatted(a.rows(), b.rows()));
        }
        return injector.getInstance(Scorer.class).similarity(a, b, measures);
    }

    /**
     * Why the values of {@link #similarity} for such matrices should not be trusted: too few inputs
     * for so many features, say.
     *
     * @param a one row an input
     * @param b the same inputs in the same order
     * @param measures ids of measures, parameters included
     * @return a sentence each, beginning with the measure; empty if there is no reason
     * @throws UsageException if a measure is unknown
     */
    public List<String> cautions(Matrix a, Matrix b, List<String> measures) {
        return injector.getInstance(Scorer.class).cautions(a, b, measures);
    }

    /** The devices that a backend can compute on now. */
    public List<Device> devices(BackendProvider backend) {
        return backend.devices(injector.getInstance(CacheFolder.class).path());
    }
}
