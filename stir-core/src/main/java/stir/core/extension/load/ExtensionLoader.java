package stir.core.extension.load;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.core.extension.ExtensionCode;
import stir.core.extension.ExtensionSource;
import stir.core.extension.Extensions;
import stir.core.io.files.ExistingPath;

/**
 * A loader of backends, measures and terms of objectives: those on the module or class path, those
 * in {@code backends/NAME/*.jar} (one unit per folder) and those in {@code plugins/*.jar} (one unit
 * per jar). Unusable ones are reported and do not affect the others.
 */
public final class ExtensionLoader {
    private final ExtensionKind<BackendProvider> backends =
            new ExtensionKind<>(BackendProvider.class, "backend", BackendProvider::id, PluginGuard::of);
    private final ExtensionKind<SimilarityMeasure> measures =
            new ExtensionKind<>(SimilarityMeasure.class, "similarity measure", SimilarityMeasure::id, PluginGuard::of);
    private final ExtensionKind<ObjectiveTerm> terms =
            new ExtensionKind<>(ObjectiveTerm.class, "term", ObjectiveTerm::id, PluginGuard::of);
    private final ExtensionCode code;
    private final List<ExtensionSource> sources = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Consumer<String> warnings;
    private final List<ExtensionKind<?>> kinds;

    private ExtensionLoader(Consumer<String> warnings, ExtensionCode code, boolean onlyBackends) {
        this.warnings = warnings;
        this.code = code;
        this.kinds = onlyBackends ? List.of(backends) : List.of(backends, measures, terms);
    }

    /** A kind of extension, with those found so far by id and the units that they come from. */
    private record ExtensionKind<T>(
            Class<T> service,
            String name,
            Function<T, String> id,
            BiFunction<PluginCalls, T, T> guard,
            SortedMap<String, T> extensions,
            Map<String, String> origins) {
        ExtensionKind(Class<T> service, String name, Function<T, String> id, BiFunction<PluginCalls, T, T> guard) {
            this(service, name, id, guard, new TreeMap<>(), new HashMap<>());
        }

        SortedMap<String, T> all() {
            return Collections.unmodifiableSortedMap(extensions);
        }
    }

    /**
     * Finds measures and terms, and backends except those in {@code backends}, which load when they
     * are first asked for, since that takes more than half of the time.
     *
     * @param home the folder with {@code backends} and {@code plugins}; empty for only the module
     *     or class path
     * @param plugins further folders of plug-ins
     * @param known a problem of the environment, which is listed first
     * @param warnings receives each problem
     * @throws CancellationException if the thread is interrupted
     */
    public static Extensions load(
            Optional<Path> home, List<Path> plugins, Optional<String> known, Consumer<String> warnings) {
        var loader = new ExtensionLoader(warnings, new ExtensionCode(), false);
        known.ifPresent(loader::report);
        loader.loadApplication();
        if (home.isPresent()) {
            for (Path jar : loader.jars(home.get().resolve("plugins"))) {
                loader.loadUnit("plugins/" + jar.getFileName(), List.of(jar));
            }
        }
        plugins.forEach(loader::loadPlugins);
        return new Extensions(loader.measures.all(), loader.terms.all(), loader.code, () -> loader.withBackends(home));
    }

    /** Loads the backends of a folder; another loader keeps nothing of a load that fails. */
    private Extensions.Loaded withBackends(Optional<Path> home) {
        var loader = new ExtensionLoader(warnings, code, true);
        loader.backends.extensions.putAll(backends.extensions);
        loader.backends.origins.putAll(backends.origins);
        if (home.isPresent()) {
            for (Path folder : loader.list(home.get().resolve("backends"), Files::isDirectory)) {
                loader.loadUnit("backends/" + folder.getFileName(), loader.jars(folder));
            }
        }
        return new Extensions.Loaded(
                loader.backends.all(),
                Stream.concat(loader.sources.stream(), sources.stream()).toList(),
                Stream.concat(problems.stream(), loader.problems.stream()).toList());
    }

    private void report(String problem) {
        problems.add(problem);
        warnings.accept(problem);
    }

    private void loadApplication() {
        var application = ExtensionLoader.class.getClassLoader();
        kinds.forEach(kind -> collect(kind, "the application", List.of(), application, type -> true, false));
    }

    private void loadPlugins(Path folder) {
        if (!Files.isDirectory(folder)) {
            report("There is no plug-in folder %s.".formatted(folder));
        }
        jars(folder).forEach(jar -> loadUnit(jar.toString(), List.of(jar)));
    }

    private void loadUnit(String name, List<Path> jars) {
        if (jars.isEmpty()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The start of " + name + " was interrupted");
        }
        jars.forEach(this::warnIfWritableByAll);
        try {
            jars.forEach(ExistingPath::checkNoPipe);
            var unit = ExtensionUnit.of(name, jars);
            int before = extensionCount() + problems.size();
            kinds.forEach(kind -> collect(kind, name, jars, unit.loader(), unit::owns, true));
            if (extensionCount() + problems.size() == before) {
                report("%s provides no %s: docs/extending.html explains how a jar declares one."
                        .formatted(name, kinds.size() == 1 ? "backend" : "backend, similarity measure or term"));
            }
            sources.add(new ExtensionSource(name, jars, unit.version(), unit.apiRange(), provided(name)));
        } catch (StirException e) {
            report(e.getMessage());
        } catch (IOException | FindException | ResolutionException | LayerInstantiationException | LinkageError e) {
            addUnusable(name, e);
        }
    }

    private List<String> provided(String unit) {
        var provided = new ArrayList<String>();
        for (var kind : kinds) {
            kind.origins.forEach((id, origin) -> {
                if (origin.equals(unit)) {
                    provided.add("%s '%s'".formatted(kind.name, id));
                }
            });
        }
        return provided.stream().sorted().toList();
    }

    private int extensionCount() {
        return kinds.stream().mapToInt(kind -> kind.extensions.size()).sum();
    }

    private void addUnusable(String unit, Throwable e) {
        report("%s can't be used (%s): replace or remove it.".formatted(unit, PluginCalls.reason(e)));
    }

    /** Warns of a place that everybody can write, since its code runs with the user's rights. */
    private void warnIfWritableByAll(Path place) {
        try {
            if (Files.getPosixFilePermissions(place).contains(PosixFilePermission.OTHERS_WRITE)) {
                report(
                        "Every user of this machine can write %s, and thereby run any code in Stir: remove that right (chmod o-w)."
                                .formatted(place));
            }
        } catch (IOException | UnsupportedOperationException e) { // reading it reports the failure
            System.getLogger(ExtensionLoader.class.getName())
                    .log(System.Logger.Level.DEBUG, "Could not read the permissions of " + place, e);
        }
    }

    /**
     * Registers the extensions of one kind in one unit. A broken one is reported, not fatal.
     *
     * @param jars the jars of the unit; empty for the application
     * @param ours whether a class belongs to the unit; a class loader also finds its parents'
     */
    private <T> void collect(
            ExtensionKind<T> kind,
            String unit,
            List<Path> jars,
            ClassLoader loader,
            Predicate<Class<?>> ours,
            boolean guarded) {
        var providers = ServiceLoader.load(kind.service, loader).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                var provider = providers.next();
                if (ours.test(provider.type())) {
                    var extension = guarded ? start(kind, unit, provider) : provider.get();
                    if (register(kind, unit, extension)) {
                        code.add(kind.service, kind.id.apply(extension), provider.type(), jars);
                    }
                }
            } catch (StirException e) {
                report(e.getMessage());
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                addUnusable(unit, e);
            }
        }
    }

    private <T> T start(ExtensionKind<T> kind, String unit, ServiceLoader.Provider<T> provider) {
        return kind.guard.apply(new PluginCalls(unit), provider.get());
    }

    /** Registers an extension, and returns whether it is the first of its id. */
    private <T> boolean register(ExtensionKind<T> kind, String unit, T extension) {
        var id = kind.id.apply(extension);
        if (kind.extensions.putIfAbsent(id, extension) == null) {
            kind.origins.put(id, unit);
            return true;
        }
        report("%s has a %s called '%s', but there is one already (of %s): the first is used; remove one of the jars."
                .formatted(unit, kind.name, id, kind.origins.get(id)));
        return false;
    }

    private List<Path> jars(Path folder) {
        return list(folder, path -> path.toString().endsWith(".jar"));
    }

    private List<Path> list(Path folder, Predicate<Path> filter) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        warnIfWritableByAll(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(filter).sorted().toList();
        } catch (IOException e) {
            report("%s could not be read (%s).".formatted(folder, PluginCalls.reason(e)));
            return List.of();
        }
    }
}
