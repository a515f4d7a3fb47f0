package stir.core.network.open;

import java.nio.file.Path;

/**
 * The folder into which backends unpack native libraries.
 *
 * @param path the folder; it may not exist yet
 */
public record CacheFolder(Path path) {}
