package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;

/** Makes jars of similarity measures, as a plug-in's author would: outside of Stir's build. */
final class PluginJar {
    private static final String MEASURE = """
            package org.example;

            import stir.api.Matrix;
            import stir.api.Scale;
            import stir.api.SimilarityMeasure;

            public final class %s implements SimilarityMeasure {
                @Override
                public String id() {
                    return "%s";
                }

                @Override
                public String description() {
                    return "Always the same";
                }

                @Override
                public Scale scale() {
                    return Scale.UNIT;
                }

                @Override
                public double compare(Matrix a, Matrix b) {
                    return %s;
                }
            }
            """;

    /** A measure that runs statements in its constructor, its description and its comparison. */
    private static final String UNKIND = """
            package org.example;

            import stir.api.Matrix;
            import stir.api.Scale;
            import stir.api.SimilarityMeasure;

            public final class %1$s implements SimilarityMeasure {
                public %1$s() {
                    %2$s
                }

                @Override
                public String id() {
                    return "%1$s";
                }

                @Override
                public String description() {
                    %3$s
                    return "Unkind";
                }

                @Override
                public Scale scale() {
                    return Scale.UNIT;
                }

                @Override
                public double compare(Matrix a, Matrix b) {
                    %4$s
                    return 0.5;
                }
            }
            """;

    private static final String MODULE = """
            module org.example.%1$s {
                requires stir.api;
                provides stir.api.SimilarityMeasure with org.example.%1$s;
            }
            """;
    private static final String SERVICES = "META-INF/services/stir.api.SimilarityMeasure";

    private final Path folder;
    private final Path api;

    /**
     * Compiles in a folder.
     *
     * @param folder an empty one
     * @param api the jar of stir-api
     */
    PluginJar(Path folder, Path api) {
        this.folder = folder;
        this.api = api;
    }

    /** A jar with a module descriptor. */
    Path modular(String type, String id, double value, Path jar) throws IOException {
        return jar(compile(type, id, value, Map.of("module-info", MODULE.formatted(type))), jar);
    }

    /** A jar with a file in META-INF/services. */
    Path plain(String type, String id, double value, Path jar) throws IOException {
        return withServices(type, compile(type, id, value, Map.of()), jar);
    }

    private static Path withServices(String type, Path classes, Path jar) throws IOException {
        var services = classes.resolve(SERVICES);
        Files.createDirectories(services.resolveSibling("."));
        Files.writeString(services, "org.example." + type + "\n");
        return jar(classes, jar);
    }

    /** A plain jar of a measure, whose name is its id, with statements in its methods. */
    Path unkind(String type, String constructor, String description, String compare, Path jar) throws IOException {
        var source = UNKIND.formatted(type, constructor, description, compare);
        return withServices(type, compiled(type, source, Map.of()), jar);
    }

    /** A plain jar whose class file has the version of a Java that does not exist yet. */
    Path forNewerJava(String type, Path jar) throws IOException {
        var classes = compile(type, "from-the-future", 1, Map.of());
        var file = classes.resolve("org/example/" + type + ".class");
        var bytes = Files.readAllBytes(file);
        bytes[7] = 99; // the low byte of the major version
        Files.write(file, bytes);
        Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(classes.resolve(SERVICES), "org.example." + type + "\n");
        return jar(classes, jar);
    }

    private Path compile(String type, String id, double value, Map<String, String> more) throws IOException {
        return compiled(type, MEASURE.formatted(type, id, value), more);
    }

    private Path compiled(String type, String measure, Map<String, String> more) throws IOException {
        var sources = Files.createTempDirectory(folder, "sources");
        var classes = Files.createTempDirectory(folder, "classes");
        List<String> files = new ArrayList<>();
        var source = sources.resolve(type + ".java");
        files.add(Files.writeString(source, measure).toString());
        for (var entry : more.entrySet()) {
            var file = sources.resolve(entry.getKey() + ".java");
            files.add(Files.writeString(file, entry.getValue()).toString());
        }
        compile(files, more.isEmpty() ? "-cp" : "-p", classes);
        return classes;
    }

    private void compile(List<String> files, String pathOption, Path classes) {
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-d", classes.toString(), pathOption, api.toString()));
        arguments.addAll(files);
        var messages = new StringWriter();
        var writer = new PrintWriter(messages);
        int failed =
                ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, failed, messages::toString);
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file)) {
            Image.each(classes, Path::compareTo, path -> {
                if (Files.isRegularFile(path)) {
                    out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                    Files.copy(path, out);
                }
            });
        }
        return jar;
    }
}
