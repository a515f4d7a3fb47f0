package stir.core.extension;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder or jar that extensions come from.
 *
 * @param name the name in messages, such as {@code backends/onnx} or {@code plugins/mine.jar}
 * @param jars the jars, in the order of their names
 * @param version the version of the module, or in the manifest of the first jar with an extension
 * @param apiRange the versions of {@code stir-api} that the manifest permits, as in {@code
 *     [0.1,0.2)}
 * @param extensions the extensions, a kind and an id each, as in {@code similarity measure 'cka'}
 * @since 0.1.0
 */
public record ExtensionSource(
        String name, List<Path> jars, Optional<String> version, Optional<String> apiRange, List<String> extensions) {}
