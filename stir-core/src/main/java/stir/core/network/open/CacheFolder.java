package stir.core.network.open;

import java.nio.file.Path;

/**
 * Where backends unpack native libraries.
 *
 * @param path the folder; it may not exist yet
 */
public record CacheFolder(Path path) {}
