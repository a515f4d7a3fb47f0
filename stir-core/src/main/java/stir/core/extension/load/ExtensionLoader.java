package stir.core.extension.load;

import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.core.extension.Extensions;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds backends, measures and terms of objectives: those on the module or class path, those in
 * {@code backends/NAME/*.jar} (one unit a folder) and those in {@code plugins/*.jar} (one unit a
 * jar). What can't be used is told and does not disturb the rest.
 */
public final class ExtensionLoader {
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final SortedMap<String, BackendProvider> backends = new TreeMap<>();
    private final SortedMap<String, SimilarityMeasure> measures = new TreeMap<>();
    private final SortedMap<String, ObjectiveTerm> terms = new TreeMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Finds everything there is.
     *
     * @param home the folder with {@code backends} and {@code plugins}; empty for the module or
     *     class path alone
     * @throws CancellationException if the thread is interrupted, or the process is ending
     */
    public static Extensions load(Optional<Path> home) {
        var loader = new ExtensionLoader();
        loader.collectBuiltIn();
        if (home.isPresent()) {
            for (Path folder : loader.list(home.get().resolve("backends"), Files::isDirectory)) {
                loader.loadUnit("backends/" + folder.getFileName(), loader.jars(folder));
            }
            for (Path jar : loader.jars(home.get().resolve("plugins"))) {
                loader.loadUnit("plugins/" + jar.getFileName(), List.of(jar));
            }
        }
        return new Extensions(
                Collections.unmodifiableSortedMap(loader.backends),
                Collections.unmodifiableSortedMap(loader.measures),
                Collections.unmodifiableSortedMap(loader.terms),
                List.copyOf(loader.problems));
    }

    private void collectBuiltIn() {
        var unit = "the application";
        var application = ExtensionLoader.class.getClassLoader();
        each(
                unit,
                ServiceLoader.load(BackendProvider.class, application),
                provider -> true,
                provider -> register(unit, provider.get()));
        each(
                unit,
                ServiceLoader.load(SimilarityMeasure.class, application),
                provider -> true,
                provider -> register(unit, provider.get()));
        each(
                unit,
                ServiceLoader.load(ObjectiveTerm.class, application),
                provider -> true,
                provider -> register(unit, provider.get()));
    }

    private void loadUnit(String name, List<Path> jars) {
        if (jars.isEmpty()) {
            return;
        }
        jars.forEach(this::warnIfOpenToAll);
        try {
            var unit = ExtensionUnit.of(name, jars);
            int before = found();
            int problemsBefore = problems.size();
            collect(name, unit.loader(), unit::owns);
            if (found() == before && problems.size() == problemsBefore) {
                problems.add(
                        name
                                + " provides no backend, similarity measure or term: see the README on plug-ins.");
            }
        } catch (IOException
                | FindException
                | ResolutionException
                | LayerInstantiationException
                | LinkageError e) {
            problems.add(
                    "%s can't be used (%s): replace or remove it."
                            .formatted(name, PluginCalls.reason(e)));
        }
    }

    /** What everybody may write runs with the rights of whoever starts Stir. */
    private void warnIfOpenToAll(Path place) {
        try {
            if (Files.getPosixFilePermissions(place).contains(PosixFilePermission.OTHERS_WRITE)) {
                problems.add(
                        "Everyone on this machine can write %s, and have Stir run what they like: take that right away (chmod o-w)."
                                .formatted(place));
            }
        } catch (IOException | UnsupportedOperationException e) { // reading it tells, if need be
            System.getLogger(ExtensionLoader.class.getName())
                    .log(System.Logger.Level.DEBUG, "Could not see who may write " + place, e);
        }
    }

    private void collect(String unit, ClassLoader loader, Predicate<Class<?>> ours) {
        var start = new PluginStart(unit, LONGEST_START);
        var calls = new PluginCalls(unit);
        each(
                unit,
                ServiceLoader.load(BackendProvider.class, loader),
                ours,
                provider ->
                        register(
                                unit,
                                start.make(
                                        provider.type(),
                                        () -> new GuardedBackend(calls, provider.get()))));
        each(
                unit,
                ServiceLoader.load(SimilarityMeasure.class, loader),
                ours,
                provider ->
                        register(
                                unit,
                                start.make(
                                        provider.type(),
                                        () -> new GuardedMeasure(calls, provider.get()))));
        each(
                unit,
                ServiceLoader.load(ObjectiveTerm.class, loader),
                ours,
                provider ->
                        register(
                                unit,
                                start.make(
                                        provider.type(),
                                        () -> new GuardedTerm(calls, provider.get()))));
    }

    private int found() {
        return backends.size() + measures.size() + terms.size();
    }

    private void register(String unit, BackendProvider found) {
        register(unit, "backend", found.id(), found, backends);
    }

    private void register(String unit, SimilarityMeasure found) {
        register(unit, "similarity measure", found.id(), found, measures);
    }

    private void register(String unit, ObjectiveTerm found) {
        register(unit, "term", found.id(), found, terms);
    }

    private <T> void register(
            String unit, String what, String id, T found, SortedMap<String, T> all) {
        if (all.putIfAbsent(id, found) != null) {
            problems.add(
                    "%s has a %s called '%s', but there is one already (of %s): the first is used; remove one of the jars."
                            .formatted(unit, what, id, origins.get(what + " " + id)));
        } else {
            origins.put(what + " " + id, unit);
        }
    }

    /**
     * Uses the providers of one unit; a loader also finds its parents'. A broken one is told, not
     * fatal.
     */
    private <T> void each(
            String unit,
            ServiceLoader<T> services,
            Predicate<Class<?>> ours,
            Consumer<ServiceLoader.Provider<T>> use) {
        var found = services.stream().iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                var provider = found.next();
                if (ours.test(provider.type())) {
                    use.accept(provider);
                }
            } catch (CancellationException e) { // no fault of the unit's
                throw e;
            } catch (StirException e) {
                problems.add(e.getMessage());
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                problems.add(
                        "%s can't be used (%s): replace or remove it."
                                .formatted(unit, PluginCalls.reason(e)));
            }
        }
    }

    private List<Path> jars(Path folder) {
        return list(folder, path -> path.toString().endsWith(".jar"));
    }

    private List<Path> list(Path folder, Predicate<Path> which) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        warnIfOpenToAll(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(which).sorted().toList();
        } catch (IOException e) {
            problems.add("%s could not be read (%s).".formatted(folder, PluginCalls.reason(e)));
            return List.of();
        }
    }
}
