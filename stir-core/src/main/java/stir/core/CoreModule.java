package stir.core;

import com.google.inject.AbstractModule;
import stir.core.extension.Extensions;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;

/**
 * Wires the services of core. Each has a provider, so that Guice calls no constructor by
 * reflection: on the module path its generated classes could not see packages that are not
 * exported.
 */
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
        bind(MeasureCatalogue.class).toProvider(() -> new MeasureCatalogue(extensions));
        bind(TermCatalogue.class).toProvider(() -> new TermCatalogue(extensions));
        bind(ModelOpener.class).toProvider(() -> new ModelOpener(extensions, cache));
        var measures = getProvider(MeasureCatalogue.class);
        var terms = getProvider(TermCatalogue.class);
        var opener = getProvider(ModelOpener.class);
        bind(Stir.class).toProvider(() -> new Stir(extensions, measures.get(), terms.get(), opener.get(), cache));
    }
}
