package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Archives that name nobody who built them, no time and no place ({@code
 * distribution/benchmarks/two_builds.sh} compares two builds byte by byte), and that unpack over
 * each other.
 */
class ArchiveIT {
    /** The start of a line: kind and mode, owner and group, size, time. */
    private static final String USUAL = "(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxr-xr-x) 0/0 +\\d+ %s .*";

    private static final String END =
            System.getProperty("stir.version") + "-" + System.getProperty("stir.machine") + ".tar.gz";

    private static Path archive(String name) {
        return Image.built().folder().resolveSibling(name + "-" + END);
    }

    private static List<String> entries(String... options) {
        var command = new ArrayList<>(
                List.of("tar", "--list", "--file", archive("stir").toString()));
        command.addAll(List.of(options));
        return new Launch(command).with("TZ", "UTC").run().done().lines().toList();
    }

    @Test
    void itsEntriesHaveTheTimeOfTheSourcesNoOwnerAndUsualModes() {
        var time = System.getProperty("stir.time").replaceFirst("T(.*)Z", " $1");
        var lines = entries("--verbose", "--numeric-owner", "--full-time");
        var others = lines.stream()
                .filter(line -> !line.matches(USUAL.formatted(time)))
                .toList();
        assertFalse(lines.isEmpty());
        assertEquals(List.of(), others);
    }

    @Test
    void entriesOfAFolderAreInTheOrderOfTheirNames() {
        var together = entries().stream()
                .collect(Collectors.groupingBy(
                        name -> Path.of(name).getParent() + (name.endsWith("/") ? " folders" : "")));
        together.forEach((folder, names) -> assertEquals(names.stream().sorted().toList(), names, folder));
    }

    @Test
    void theFirstDownloadIsSmallAndHasOnnxAlone() throws IOException {
        // The runtimes of later versions of Java are larger: with 25 the archive has 65 MB.
        long most = Runtime.version().feature() == 17 ? 61_000_000 : 68_000_000;
        long size = Files.size(archive("stir"));
        assertTrue(size <= most, size + " bytes");
        var image = unpacked("first", "stir");
        var demo = image.stir("demo", "--out", image.folder() + "/saved").run().out();
        assertEquals(2, demo.split("\\n  NEARLY ALL  STIR 0\\.99 ").length - 1, demo);
        assertEquals(2, demo.split("\\n  PARTLY  STIR 0\\.6").length - 1, demo);
        var model = Files.createFile(image.folder().resolve("a.pt")).toString();
        var refused = image.stir("layers", model).run().failure(2);
        assertTrue(
                refused.contains("(there is onnx): networks of PyTorch need stir-backend-djl-" + END + ","), refused);
    }

    @Test
    void aBackendUnpacksOverTheFirstDownload() throws IOException {
        var image = unpacked("two", "stir", "stir-backend-djl");
        var layers = image.stir("layers", image.demo("vgg0.script.pt"), "--format", "json")
                .run();
        assertEquals("classifier.relu1", layers.document().at("/default").asText());
        var all = new TreeSet<>(names(Image.built()));
        all.removeIf(name -> name.startsWith("backends/tf") || name.startsWith("licences/tf"));
        assertEquals(all, names(image));
        Image.delete(image.folder());
    }

    private static Image unpacked(String folder, String... archives) throws IOException {
        var place = Image.scratch(folder + " archives");
        for (String name : archives) {
            new Launch(List.of("tar", "-xf", archive(name).toString(), "-C", place.toString()))
                    .run()
                    .done();
        }
        return new Image(place.resolve("stir-" + System.getProperty("stir.version")));
    }

    private static Set<String> names(Image image) throws IOException {
        var names = new TreeSet<String>();
        Image.each(
                image.folder(),
                Comparator.naturalOrder(),
                path -> names.add(image.folder().relativize(path).toString()));
        return names;
    }
}
