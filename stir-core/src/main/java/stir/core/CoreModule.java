package stir.core;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

import stir.core.extension.Extensions;
import stir.core.extension.MeasureCatalogue;
import stir.core.extension.TermCatalogue;
import stir.core.extension.load.ExtensionLoader;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;

import java.nio.file.Path;
import java.util.Optional;

/** Wires the services of core. */
final class CoreModule extends AbstractModule {
    private final Optional<Path> home;
    private final Path cache;

    /**
     * Core with what is found at a place.
     *
     * @param home the folder with {@code backends} and {@code plugins}; empty for the module or
     *     class path alone
     * @param cache where backends unpack native libraries
     */
    CoreModule(Optional<Path> home, Path cache) {
        this.home = home;
        this.cache = cache;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
        binder().requireExactBindingAnnotations();
        bind(CacheFolder.class).toInstance(new CacheFolder(cache));
        bind(MeasureCatalogue.class);
        bind(TermCatalogue.class);
        bind(TermCatalogue.class);
        bind(ModelOpener.class);
        bind(Stir.class);
    }

    @Provides
    @Singleton
    Extensions extensions() {
        return ExtensionLoader.load(home);
    }
}
