package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The archive tells nothing of who built it, when and where; {@code
 * distribution/benchmarks/two_builds.sh} compares two of them byte by byte.
 */
class ArchiveIT {
    /** The start of a line: kind and mode, owner and group, size, time. */
    private static final String USUAL =
            "(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxr-xr-x) 0/0 +\\d+ %s .*";

    private static List<String> entries(String... options) {
        var name = "stir-%s-linux-x86_64.tar.gz".formatted(System.getProperty("stir.version"));
        var archive = Image.built().folder().resolveSibling(name);
        var command = new ArrayList<>(List.of("tar", "--list", "--file", archive.toString()));
        command.addAll(List.of(options));
        return new Launch(command).with("TZ", "UTC").run().done().lines().toList();
    }

    @Test
    void itsEntriesHaveTheTimeOfTheSourcesNoOwnerAndUsualModes() {
        var time = System.getProperty("stir.time").replaceFirst("T(.*)Z", " $1");
        var lines = entries("--verbose", "--numeric-owner", "--full-time");
        var others = lines.stream().filter(line -> !line.matches(USUAL.formatted(time))).toList();
        assertFalse(lines.isEmpty());
        assertEquals(List.of(), others);
    }

    @Test
    void whatIsInAFolderIsInTheOrderOfItsName() {
        var together =
                entries().stream()
                        .collect(
                                Collectors.groupingBy(
                                        name ->
                                                Path.of(name).getParent()
                                                        + (name.endsWith("/") ? " folders" : "")));
        together.forEach(
                (folder, names) -> assertEquals(names.stream().sorted().toList(), names, folder));
    }
}
