package stir.core.extension.load;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A class loader for a drop-in's jars on a plain class path, where the application may have other
 * versions of the drop-in's libraries. The drop-in's own classes and resources come first, except
 * those that both sides must share: Java, Stir and the logging facade.
 */
final class DropInLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of("java.", "stir.api.", "stir.core.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    /**
     * Creates a loader.
     *
     * @param name the name of this loader in Java's messages
     * @param jars the jars of the drop-in
     * @param application the loader of shared classes, and of those that the jars lack
     */
    DropInLoader(String name, URL[] jars, ClassLoader application) {
        super(name, jars, application);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var type = findLoadedClass(name);
            if (type == null) {
                try {
                    type = findClass(name);
                } catch (ClassNotFoundException e) {
                    return super.loadClass(name, resolve);
                }
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    @Override
    public URL getResource(String name) {
        var own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        var all = new ArrayList<>(Collections.list(findResources(name)));
        all.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(all);
    }
}
