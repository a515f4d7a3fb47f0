package stir.core.extension.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import stir.api.SimilarityMeasure;

/**
 * A writer of jars from sources, as an author of plug-ins makes them.
 *
 * @param workshop a folder for intermediate files
 */
public record JarAuthor(Path workshop) {
    /** Returns the folder or jar from which a class was loaded. */
    static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes a jar.
     *
     * @param sources the source texts by the classes' names, without packages
     * @param services the providers' names by the services' names
     */
    public void write(Path jar, Map<String, String> sources, Map<String, String> services) throws IOException {
        var folder = Files.createTempDirectory(workshop, "author");
        if (!sources.isEmpty()) {
            compile(sources, folder);
        }
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : sources.keySet()) {
                zip.putNextEntry(new ZipEntry(name + ".class"));
                zip.write(Files.readAllBytes(folder.resolve(name + ".class")));
            }
            for (var service : services.entrySet()) {
                zip.putNextEntry(new ZipEntry("META-INF/services/" + service.getKey()));
                zip.write(service.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void compile(Map<String, String> sources, Path folder) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "-d",
                folder.toString(),
                "-cp",
                place(SimilarityMeasure.class) + File.pathSeparator + place(JarAuthor.class)));
        for (var source : sources.entrySet()) {
            var file = folder.resolve(source.getKey() + ".java");
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        var messages = new StringWriter();
        var writer = new PrintWriter(messages);
        int failed =
                ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        assertEquals(0, failed, messages::toString);
    }
}
