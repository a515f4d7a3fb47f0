package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The benchmarks, which the build does not run, fit the modules that they measure. */
class BenchmarksIT {
    static List<Path> sources() throws IOException {
        return files(Path.of("benchmarks"), ".java");
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aBenchmarkCompiles(Path source) throws IOException {
        var modules = files(Image.built().folder().resolveSibling("modules"), ".jar");
        var messages = new StringWriter();
        var writer = new PrintWriter(messages);
        int failed = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        writer,
                        writer,
                        "-d",
                        Image.scratch(source.getFileName().toString()).toString(),
                        "-cp",
                        modules.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                        source.toString());
        assertEquals(0, failed, messages::toString);
    }
}
