package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The tables of {@code docs/reference} against the code. {@code mvn test -pl distribution -am
 * -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dstir.reference.write=true} writes
 * them again.
 */
class ReferenceTest {
    private static final Path FOLDER = Path.of("docs/reference");

    @TestFactory
    Stream<DynamicTest> thePagesShowWhatTheCodeHas() throws IOException {
        return ReferencePages.all().entrySet().stream()
                .map(page -> DynamicTest.dynamicTest(
                        page.getKey(), () -> compare(FOLDER.resolve(page.getKey()), page.getValue())));
    }

    private static void compare(Path file, String text) throws IOException {
        if (Boolean.getBoolean("stir.reference.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, text);
        }
        assertEquals(
                text,
                Files.exists(file) ? Files.readString(file) : "",
                "-Dstir.reference.write=true writes the page again");
    }

    @Test
    void theFolderHasNoOtherPages() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertEquals(
                    ReferencePages.all().keySet(),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }
}
