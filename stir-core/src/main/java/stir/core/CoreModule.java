package stir.core;

import com.google.inject.AbstractModule;

import stir.core.extension.Extensions;
import stir.core.extension.MeasureCatalogue;
import stir.core.extension.TermCatalogue;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;

/** Wires the services of core. */
final class CoreModule extends AbstractModule {
    private final Extensions extensions;
    private final CacheFolder cache;

    /**
     * Creates the module with the extensions that were found.
     *
     * @param extensions looked for beforehand, so that an interrupt of that stays one
     * @param cache the folder in which backends unpack native libraries
     */
    CoreModule(Extensions extensions, CacheFolder cache) {
        this.extensions = extensions;
        this.cache = cache;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
        binder().requireExactBindingAnnotations();
        bind(CacheFolder.class).toInstance(cache);
        bind(Extensions.class).toInstance(extensions);
        bind(MeasureCatalogue.class);
        bind(TermCatalogue.class);
        bind(ModelOpener.class);
        bind(Stir.class);
    }
}
