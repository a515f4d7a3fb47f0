package stir.core.extension.load;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.SimilarityMeasure;

/**
 * The jars of one drop-in folder, or one plug-in jar, loaded separately from all others.
 *
 * <p>Modules that provide one of Stir's services are the roots of a module layer; the modules that
 * they require belong to that layer. All other jars (those without a valid module name, and those
 * that no root requires) are the class path of a parent loader, as with {@code java -p X -cp Y}.
 * Modules that the application contains are omitted: the application's copy is used.
 *
 * <p>On a plain class path, or without such a module, the jars are the class path of a {@link
 * DropInLoader}.
 *
 * @param loader the loader of the unit's modules and plain jars
 * @param plain the loader of the plain jars; the same as {@code loader} without a module layer
 * @param jars the descriptors and manifests of the jars
 */
record ExtensionUnit(ClassLoader loader, ClassLoader plain, ReadJars jars) {
    static final Set<String> SERVICES =
            Set.of(BackendProvider.class.getName(), SimilarityMeasure.class.getName(), ObjectiveTerm.class.getName());

    /**
     * Loads jars.
     *
     * @param name the name of the class loader
     * @param jars the jars, at least one
     * @throws IOException if one is not a jar
     * @throws FindException if a module can't be read or a required one is missing
     */
    static ExtensionUnit of(String name, List<Path> jars) throws IOException {
        var parent =
                Optional.ofNullable(ExtensionUnit.class.getModule().getLayer()).orElse(ModuleLayer.boot());
        var read = new ReadJars(name);
        Map<String, Path> named = new TreeMap<>();
        Set<String> roots = new TreeSet<>();
        List<Path> unnamed = new ArrayList<>();
        for (Path jar : jars) {
            var module = read.module(jar);
            if (module.isEmpty()) {
                unnamed.add(jar);
                continue;
            }
            var descriptor = module.get().descriptor();
            if (parent.findModule(descriptor.name()).isEmpty()) {
                named.put(descriptor.name(), jar);
                if (descriptor.provides().stream().anyMatch(p -> SERVICES.contains(p.service()))) {
                    roots.add(descriptor.name());
                }
            }
        }
        boolean modular = ExtensionUnit.class.getModule().isNamed() && !roots.isEmpty();
        if (!modular) { // on a plain class path, or without a module that provides a service
            unnamed.addAll(named.values());
            var loader = new DropInLoader(loaderName(name), urls(unnamed), application());
            return new ExtensionUnit(loader, loader, read);
        }
        var configuration = parent.configuration().resolveAndBind(ModuleFinder.of(), read, roots);
        named.forEach((module, jar) -> {
            if (configuration.findModule(module).isEmpty()) {
                unnamed.add(jar);
            }
        });
        return layered(read, parent, configuration, unnamed, roots.iterator().next());
    }

    private static ExtensionUnit layered(
            ReadJars read, ModuleLayer parent, Configuration configuration, List<Path> unnamed, String root)
            throws MalformedURLException {
        var plain = new URLClassLoader(loaderName(read.unit()), urls(unnamed), application());
        var controller = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(parent), plain);
        enableNativeAccess(controller);
        return new ExtensionUnit(controller.layer().findLoader(root), plain, read);
    }

    private static ClassLoader application() {
        return ExtensionUnit.class.getClassLoader();
    }

    private static String loaderName(String unit) {
        return "stir:" + unit;
    }

    private static URL[] urls(List<Path> jars) throws MalformedURLException {
        var urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return urls;
    }

    /**
     * Enables native access for a layer, without which JDK 22 and later print a warning. Older
     * versions lack the method.
     */
    private static void enableNativeAccess(ModuleLayer.Controller controller) {
        try {
            var method = ModuleLayer.Controller.class.getMethod("enableNativeAccess", Module.class);
            for (Module module : controller.layer().modules()) {
                method.invoke(controller, module);
            }
        } catch (NoSuchMethodException e) {
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the version in a jar's module descriptor or manifest; empty if no jar states one. */
    Optional<String> version() {
        return jars.version();
    }

    /**
     * Returns the range of versions of {@code stir-api} in a jar's manifest; empty if no jar states
     * one.
     */
    Optional<String> apiRange() {
        return jars.apiRange();
    }

    /** Returns whether this unit's loaders, not the application's, loaded a class. */
    boolean owns(Class<?> type) {
        return type.getClassLoader() == loader || type.getClassLoader() == plain;
    }
}
