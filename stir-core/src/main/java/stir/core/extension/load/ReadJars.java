package stir.core.extension.load;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import stir.api.DataException;
import stir.core.runtime.machine.StirVersion;

/**
 * The jars of a unit, each of which is read once: their modules, which this finds without reading a
 * jar again, and the facts in their manifests. Not thread-safe.
 */
final class ReadJars implements ModuleFinder {
    private static final List<String> SERVICES = ExtensionUnit.SERVICES.stream()
            .map(name -> "META-INF/services/" + name)
            .toList();

    private final String unit;
    private final Map<String, ModuleReference> modules = new TreeMap<>();
    private Optional<String> version = Optional.empty();
    private Optional<String> apiRange = Optional.empty();

    /**
     * Creates a reader.
     *
     * @param unit the jar or folder, for messages
     */
    ReadJars(String unit) {
        this.unit = unit;
    }

    String unit() {
        return unit;
    }

    Optional<String> version() {
        return version;
    }

    Optional<String> apiRange() {
        return apiRange;
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }

    /**
     * Reads a jar, and returns its module, if it has a descriptor or a valid {@code
     * Automatic-Module-Name}.
     *
     * @throws DataException if the jar is for other versions of {@code stir-api}
     */
    Optional<ModuleReference> module(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
            boolean isModule = file.getEntry("module-info.class") != null;
            var manifest = file.getManifest() == null
                    ? new Attributes()
                    : file.getManifest().getMainAttributes();
            var module = isModule || manifest.getValue("Automatic-Module-Name") != null
                    ? read(jar, isModule)
                    : Optional.<ModuleReference>empty();
            module.ifPresent(reference -> modules.put(reference.descriptor().name(), reference));
            var range = Optional.ofNullable(manifest.getValue(ApiRange.ATTRIBUTE));
            range.ifPresent(declared -> ApiRange.check(unit, declared, StirVersion.current()));
            apiRange = apiRange.or(() -> range);
            if (SERVICES.stream().anyMatch(name -> file.getEntry(name) != null)
                    || module.map(ModuleReference::descriptor)
                            .filter(ReadJars::providesAService)
                            .isPresent()) {
                version = version.or(() -> module.map(ModuleReference::descriptor)
                        .flatMap(ModuleDescriptor::rawVersion)
                        .or(() -> Optional.ofNullable(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION))));
            }
            return module;
        }
    }

    private static boolean providesAService(ModuleDescriptor module) {
        return module.provides().stream().anyMatch(provided -> ExtensionUnit.SERVICES.contains(provided.service()));
    }

    private static Optional<ModuleReference> read(Path jar, boolean isModule) {
        try {
            return ModuleFinder.of(jar).findAll().stream().findFirst();
        } catch (FindException e) {
            if (isModule) {
                throw e;
            }
            return Optional.empty(); // the chosen name is not a valid module name
        }
    }
}
