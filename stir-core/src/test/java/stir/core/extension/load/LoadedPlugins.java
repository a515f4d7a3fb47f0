package stir.core.extension.load;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.api.SimilarityMeasure;

/**
 * A main class for a separate process, which loads the plug-ins of a folder and prints their
 * measures.
 */
final class LoadedPlugins {
    private LoadedPlugins() {}

    /**
     * Starts the process, with standard error merged into its output.
     *
     * @param home the folder of plug-ins
     * @param libraries jars of the application that come first on its class path
     */
    static Process start(Path home, Path... libraries) throws IOException {
        var types = List.of(SimilarityMeasure.class, ExtensionLoader.class, LoadedPlugins.class);
        var classPath = Stream.concat(Stream.of(libraries), types.stream().map(JarAuthor::place))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        LoadedPlugins.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .start();
    }

    public static void main(String[] arguments) {
        var extensions =
                ExtensionLoader.load(Optional.of(Path.of(arguments[0])), List.of(), Optional.empty(), text -> {});
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println(extensions.measures().keySet());
    }
}
