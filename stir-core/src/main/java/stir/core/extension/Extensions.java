package stir.core.extension;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;

/**
 * The extensions. Backends load when they, the sources or the problems are first asked for.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Extensions {
    private final SortedMap<String, SimilarityMeasure> measures;
    private final SortedMap<String, ObjectiveTerm> terms;
    private final ExtensionCode code;
    private final Supplier<Loaded> loading;
    private @Nullable Loaded loaded;

    /**
     * The backends, with the sources and problems of all extensions.
     *
     * @param backends the backends by id
     * @param sources the drop-in folders and jars of the extensions, those of backends first; empty
     *     for extensions of the application itself
     * @param problems one sentence per jar, class or folder that could not be used; they do not
     *     affect the others
     */
    public record Loaded(
            SortedMap<String, BackendProvider> backends, List<ExtensionSource> sources, List<String> problems) {}

    /**
     * Creates extensions.
     *
     * @param measures the similarity measures by id
     * @param terms the terms of objectives by id
     * @param code the code of those that are not part of Stir, backends included once they are loaded
     * @param loading loads the rest; called again if it throws
     */
    public Extensions(
            SortedMap<String, SimilarityMeasure> measures,
            SortedMap<String, ObjectiveTerm> terms,
            ExtensionCode code,
            Supplier<Loaded> loading) {
        this.measures = measures;
        this.terms = terms;
        this.code = code;
        this.loading = loading;
    }

    /** Returns the similarity measures by id. */
    public SortedMap<String, SimilarityMeasure> measures() {
        return measures;
    }

    /** Returns the terms of objectives by id. */
    public SortedMap<String, ObjectiveTerm> terms() {
        return terms;
    }

    /** Returns the code of the extensions that are not part of Stir. */
    public ExtensionCode code() {
        return code;
    }

    /**
     * Returns all extensions with their sources and problems, and loads backends before.
     *
     * @throws java.util.concurrent.CancellationException if the thread is interrupted meanwhile
     */
    public synchronized Loaded all() {
        if (loaded == null) {
            loaded = loading.get();
        }
        return loaded;
    }

    /** Returns the backends by id; errors as {@link #all}. */
    public SortedMap<String, BackendProvider> backends() {
        return all().backends();
    }
}
