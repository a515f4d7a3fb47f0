package stir.core.extension.load;

import stir.api.BackendProvider;
import stir.api.SimilarityMeasure;
import stir.core.extension.Extensions;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds backends and measures: those on the module or class path, those in {@code
 * backends/NAME/*.jar} (one unit a folder) and those in {@code plugins/*.jar} (one unit a jar).
 * What can't be used is told and does not disturb the rest.
 */
public final class ExtensionLoader {
    private final SortedMap<String, BackendProvider> backends = new TreeMap<>();
    private final SortedMap<String, SimilarityMeasure> measures = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Finds everything there is.
     *
     * @param home the folder with {@code backends} and {@code plugins}; empty for the module or
     *     class path alone
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
                List.copyOf(loader.problems));
    }

    private void collectBuiltIn() {
        var application = ExtensionLoader.class.getClassLoader();
        collect("the application", application, provider -> true);
    }

    private void loadUnit(String name, List<Path> jars) {
        if (jars.isEmpty()) {
            return;
        }
        try {
            var unit = ExtensionUnit.of(name, jars);
            int before = backends.size() + measures.size();
            int problemsBefore = problems.size();
            collect(name, unit.loader(), unit::owns);
            if (backends.size() + measures.size() == before && problems.size() == problemsBefore) {
                problems.add(
                        name
                                + " provides no backend and no similarity measure: see the README on plug-ins.");
            }
        } catch (IOException
                | FindException
                | ResolutionException
                | LayerInstantiationException
                | LinkageError e) {
            problems.add(
                    "%s can't be used (%s): replace or remove it.".formatted(name, firstLine(e)));
        }
    }

    private void collect(String unit, ClassLoader loader, Predicate<Class<?>> ours) {
        each(
                unit,
                ServiceLoader.load(BackendProvider.class, loader),
                ours,
                provider -> register(unit, "backend", provider.id(), provider, backends));
        each(
                unit,
                ServiceLoader.load(SimilarityMeasure.class, loader),
                ours,
                measure -> register(unit, "similarity measure", measure.id(), measure, measures));
    }

    private <T> void register(
            String unit, String what, String id, T found, SortedMap<String, T> all) {
        var other = all.putIfAbsent(id, found);
        if (other != null) {
            problems.add(
                    "%s has a %s called '%s', but there is one already (%s): the first is used; remove one of the jars."
                            .formatted(unit, what, id, other.getClass().getName()));
        }
    }

    /**
     * Uses the providers of one unit; a loader also finds its parents'. A broken one is told, not
     * fatal.
     */
    private <T> void each(
            String unit, ServiceLoader<T> services, Predicate<Class<?>> ours, Consumer<T> use) {
        var found = services.stream().iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                var provider = found.next();
                if (ours.test(provider.type())) {
                    use.accept(provider.get());
                }
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                problems.add(
                        "%s can't be used (%s): replace or remove it."
                                .formatted(unit, firstLine(e)));
            }
        }
    }

    private static String firstLine(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = String.valueOf(cause.getMessage());
        if (cause instanceof UnsupportedClassVersionError
                || message.startsWith("Unsupported major.minor version")) {
            return "it was compiled for a newer Java than " + Runtime.version().feature();
        }
        return cause.toString().lines().findFirst().orElse(cause.getClass().getName());
    }

    private List<Path> jars(Path folder) {
        return list(folder, path -> path.toString().endsWith(".jar"));
    }

    private List<Path> list(Path folder, Predicate<Path> which) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(which).sorted().toList();
        } catch (IOException e) {
            problems.add("%s could not be read (%s).".formatted(folder, firstLine(e)));
            return List.of();
        }
    }
}
