package stir.core;

import com.google.inject.Guice;
import com.google.inject.Stage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import stir.api.BackendProvider;
import stir.api.Caution;
import stir.api.Device;
import stir.api.Experimental;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.Extensions;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.extension.load.ExtensionLoader;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Spread;
import stir.core.inversion.search.ReferenceResiduals;
import stir.core.math.statistics.Estimate;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;
import stir.core.representation.MatrixRows;
import stir.core.runtime.machine.StirVersion;
import stir.core.score.ScoreSettings;
import stir.core.score.SearchQuality;
import stir.core.score.compute.Similarities;
import stir.core.study.CheckedExperiment;
import stir.core.study.CompareRequest;
import stir.core.study.InvertRequest;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.results.Comparison;
import stir.core.study.run.StudyResources;

/**
 * Measures how much of one network survives what another ignores: the entry to everything else.
 *
 * <pre>{@code
 * var stir = Stir.load();
 * try (var a = stir.open(NetworkSpec.of(Path.of("a.pt")));
 *         var b = stir.open(NetworkSpec.of(Path.of("b.pt")))) {
 *     var comparison = stir.compare(a, b, Inputs.open(Path.of("digits")), ScoreSettings.DEFAULT);
 *     System.out.println(comparison.bGivenA().stir());
 * }
 * }</pre>
 *
 * <p>Thread-safe: several threads may compare the same networks at once, with the same results as
 * one after the other.
 *
 * <p>Source: Nanda et al., Measuring Representational Robustness of Neural Networks Through Shared
 * Invariances, ICML 2022.
 *
 * @since 0.1.0
 */
public final class Stir {
    private final Extensions extensions;
    private final MeasureCatalogue measures;
    private final TermCatalogue terms;
    private final ModelOpener opener;
    private final CacheFolder cache;

    Stir(Extensions extensions, MeasureCatalogue measures, TermCatalogue terms, ModelOpener opener, CacheFolder cache) {
        this.extensions = extensions;
        this.measures = measures;
        this.terms = terms;
        this.opener = opener;
        this.cache = cache;
    }

    /** Loads Stir with the backends and measures on the module or class path. */
    public static Stir load() {
        return load(LoadOptions.DEFAULT);
    }

    /**
     * Loads Stir with what else was dropped into a folder. The environment may name additional
     * plug-in folders ({@code STIR_PLUGINS}, separated like a Java path) and the folder into which
     * backends unpack native libraries ({@code STIR_CACHE}).
     *
     * @param home a folder with {@code backends/NAME/*.jar} and {@code plugins/*.jar}; either may
     *     be missing
     */
    public static Stir load(Path home) {
        return load(LoadOptions.DEFAULT.withHome(home));
    }

    /**
     * Loads Stir from other places, for example with a cache of its own.
     *
     * @throws java.util.concurrent.CancellationException if the thread is interrupted meanwhile
     */
    public static Stir load(LoadOptions options) {
        var cache = options.cache().map(CacheFolder::of).orElseGet(() -> CacheFolder.of(System.getenv()));
        var extensions =
                ExtensionLoader.load(options.home(), folders(options.plugins()), cache.problem(), options.warnings());
        return Guice.createInjector(Stage.PRODUCTION, new CoreModule(extensions, cache))
                .getInstance(Stir.class);
    }

    /** Returns the folders of plug-ins that the environment names, followed by others. */
    private static List<Path> folders(List<Path> others) {
        var folders = new ArrayList<Path>();
        var named = System.getenv().getOrDefault("STIR_PLUGINS", "");
        for (var name : named.split(File.pathSeparator, -1)) {
            if (!name.isBlank()) {
                folders.add(Path.of(name));
            }
        }
        folders.addAll(others);
        return folders;
    }

    /** Returns the version of Stir, for example {@code 0.1.0}. */
    public static String version() {
        return StirVersion.current();
    }

    /**
     * Returns the backends, measures and terms, and the jars that could not be used. Backends of
     * the folder load when they are first asked for, and when the first network is opened.
     */
    public Extensions extensions() {
        return extensions;
    }

    /** Returns the available measures by their ids. */
    public SortedMap<String, SimilarityMeasure> measures() {
        return extensions.measures();
    }

    /**
     * Returns measures by what users write.
     *
     * @param ids ids of measures, with parameters after a question mark ({@code
     *     svcca?variance=0.99})
     * @return the measures by the ids, in the order asked for
     * @throws UsageException if one is unknown, or does not accept its parameters
     */
    public Map<String, SimilarityMeasure> measures(List<String> ids) {
        return measures.select(ids);
    }

    /**
     * Opens a network; its caller closes it. If a layer is named, the model's layers are listed,
     * which may cost the backend a pass.
     *
     * @throws UsageException if the file is not there, no backend recognises it, or it has no such
     *     layer
     * @throws stir.api.DataException if the file can't be used
     * @throws stir.api.BackendException if the backend fails
     */
    public Network open(NetworkSpec spec) {
        var network = openUnchecked(spec);
        try {
            network.checkLayers();
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    /**
     * Opens a network as {@link #open(NetworkSpec)} does, for callers that check its layer names
     * with the inputs.
     */
    @Experimental
    public Network openUnchecked(NetworkSpec spec) {
        return opener.open(spec);
    }

    /**
     * Opens a network as {@link #openUnchecked(NetworkSpec)} does, without the hash of its file,
     * only to describe it: its results can't be stored.
     */
    @Experimental
    public Network describe(NetworkSpec spec) {
        return opener.open(spec, false);
    }

    /**
     * Checks an experiment that was made in Java: opens its models and inputs, which stay open
     * until the result is closed. Its problems are in the result, not thrown.
     */
    public CheckedExperiment check(Experiment experiment) {
        return CheckedExperiment.of(resources(), experiment);
    }

    /**
     * Checks an experiment from a file and reports the problems of the file together with those of
     * models and layers.
     */
    public CheckedExperiment check(ExperimentFile file) {
        return CheckedExperiment.of(resources(), file);
    }

    /** As {@link #compare(CompareRequest)}, with these settings, in memory and in silence. */
    public Comparison compare(Network a, Network b, Inputs inputs, ScoreSettings settings) {
        return compare(CompareRequest.of(a, b, inputs).withSettings(settings));
    }

    /**
     * Compares two networks: STIR in both directions, and the similarity. The result does not
     * depend on threads, nor on the batch size unless a network is on a GPU.
     *
     * <p>With a folder, results are stored as soon as they are computed. The folder is a study of
     * two networks, which {@link stir.core.study.StoredStudy} reads; a stored search can be scored
     * by other measures.
     *
     * @throws UsageException if a layer or measure is unknown or does not fit, or the folder
     *     belongs to other settings, is written by another process or can't be written
     * @throws stir.api.DataException if a network does not accept such inputs, returns NaN, or is
     *     not a function of its input
     * @throws stir.api.BackendException if a backend fails or the disk is full; the results so far
     *     are saved
     * @throws IllegalStateException if a network is closed
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     */
    public Comparison compare(CompareRequest request) {
        return compare(request, List.of()).get(0);
    }

    /**
     * Compares two networks, also after searches of other lengths; errors as {@link
     * #compare(CompareRequest)}.
     *
     * @param lengths other numbers of iterations after which the networks are compared as well
     * @return the comparison, then one for each of the other lengths
     */
    public List<Comparison> compare(CompareRequest request, List<Integer> lengths) {
        try (var checked = check(request, lengths)) {
            var study = checked.study();
            var folder = request.folder();
            return Comparison.of(
                    folder.isPresent()
                            ? study.run(folder.get(), request.options(), request.listener())
                            : study.run(request.options(), request.listener()));
        }
    }

    /**
     * Returns the comparison of two networks as a checked study, so that it can run in shards with
     * the folder, options and listener of the request. Arguments and errors as {@link
     * #compare(CompareRequest, List)}; the caller closes the result before the networks.
     */
    public CheckedExperiment check(CompareRequest request, List<Integer> lengths) {
        return CheckedExperiment.of(resources(), request, lengths);
    }

    private StudyResources resources() {
        return new StudyResources(opener::open, measures, terms);
    }

    /** As {@link #invert(InvertRequest)}, in memory and in silence. */
    public Inversion invert(Network reference, Inputs inputs, InversionSettings settings) {
        return invert(InvertRequest.of(reference, inputs, settings));
    }

    /** Finds invariant inputs of one network; errors as {@link #compare(CompareRequest)}. */
    public Inversion invert(InvertRequest request) {
        return invert(request, 1).get(0);
    }

    /**
     * Returns the searches of a request as a checked study, for example to estimate their cost.
     * Errors as {@link #compare(CompareRequest)}; the caller closes the result before the network.
     *
     * @param repeats the number of repeats of the search
     */
    public CheckedExperiment check(InvertRequest request, int repeats) {
        return CheckedExperiment.of(resources(), request, repeats);
    }

    private List<Inversion> invert(InvertRequest request, int repeats) {
        try (var checked = check(request, repeats)) {
            return checked.study().search(request.folder(), request.options(), request.listener());
        }
    }

    /**
     * Finds several invariant inputs per input that are far from each other; errors as {@link
     * #compare(CompareRequest)}.
     *
     * @param request its settings have another seed afterwards: {@link Spread#settings}
     * @param members the number of invariant inputs per input, at least 2
     */
    public Spread spread(InvertRequest request, int members) {
        var far = Spread.settings(request.settings(), members);
        var inversions = invert(request.withSettings(far), members);
        return Spread.of(request.inputs(), inversions, SearchQuality.tolerance(far));
    }

    /**
     * Returns the mean residual of each reference of a search: first of the searched network at its
     * layer, then of each additional reference. That of the search is of all together.
     *
     * @param reference the searched network
     * @param invariant the invariant inputs
     * @param settings of the search
     */
    public List<Double> residuals(Network reference, Inputs inputs, Inputs invariant, InversionSettings settings) {
        return ReferenceResiduals.of(reference, inputs, invariant, settings.norm(), opener::open);
    }

    /**
     * Compares two representations of the same inputs.
     *
     * @param a one row per input
     * @param b the same inputs in the same order
     * @param ids of measures, parameters included
     * @return each measure's value, in the order asked for; one that is not defined for these
     *     matrices has the reason
     * @throws UsageException if a measure is unknown, or the matrices differ in rows
     */
    public Map<String, Estimate> similarity(Matrix a, Matrix b, List<String> ids) {
        // The matrices are there, so that a limit would save nothing.
        return similarity(MatrixRows.of(a), MatrixRows.of(b), ids, Long.MAX_VALUE);
    }

    /**
     * Compares two representations of the same inputs. If the measure allows it, only a part of the
     * rows is in memory at a time.
     *
     * @param a one row per input
     * @param b the same inputs in the same order
     * @param ids of measures, parameters included
     * @param memory the limit of the memory, in bytes; a measure that needs more is undefined
     * @return as {@link #similarity(Matrix, Matrix, List)}
     * @throws UsageException if a measure is unknown, or the matrices differ in rows
     */
    public Map<String, Estimate> similarity(MatrixRows a, MatrixRows b, List<String> ids, long memory) {
        if (a.rows() != b.rows()) {
            throw new UsageException(
                    "The first matrix has %d rows and the second %d, but each row must be the same input in both."
                            .formatted(a.rows(), b.rows()));
        }
        return new Similarities(measures.select(ids), memory).compare(a, b);
    }

    /**
     * Returns the reasons not to trust {@link #similarity} for such matrices, for example too few
     * inputs.
     *
     * @param a one row per input
     * @param b the same inputs in the same order
     * @param ids of measures, parameters included
     * @param memory the limit of the memory, in bytes
     * @return each about one of the measures; empty if there is no reason
     * @throws UsageException if a measure is unknown
     */
    public List<Caution> cautions(MatrixRows a, MatrixRows b, List<String> ids, long memory) {
        return new Similarities(measures.select(ids), memory).cautions(a, b);
    }

    /**
     * Returns the reason why a backend can't compute on the first GPU, as a clause without a full
     * stop; empty if it can, or has no code for GPUs.
     */
    @Experimental
    public Optional<String> gpuObstacle(BackendProvider backend) {
        return backend.gpuObstacle(cache.path());
    }

    /** Returns the devices that a backend can compute on now. */
    public List<Device> devices(BackendProvider backend) {
        return backend.devices(cache.path());
    }
}
