package stir.core.extension.load;

import stir.core.extension.PluginActivity;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A main class for a separate process in {@link PluginsTest}, which loads the plug-ins of a folder.
 */
final class LoadedPlugins {
    private LoadedPlugins() {}

    public static void main(String[] arguments) {
        var found =
                ExtensionLoader.load(
                        Optional.of(Path.of(arguments[0])), List.of(), PluginActivity.inMemory());
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println(found.measures().keySet());
    }
}
