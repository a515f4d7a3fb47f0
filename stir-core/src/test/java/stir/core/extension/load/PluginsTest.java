package stir.core.extension.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.Extensions;

/** Tests that any fault of a plug-in is attributed to it, and affects no other extension. */
class PluginsTest {
    private static final Matrix ANY = Matrix.of(2, 1, new double[] {0, 1});

    @TempDir
    private Path home;

    @Test
    void backendsAreReadWhenTheyAreFirstAskedFor() throws IOException {
        plugin("Half", "half", "", "");
        var folder = Files.createDirectories(home.resolve("backends/broken"));
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        var warnings = new ArrayList<String>();
        var extensions = ExtensionLoader.load(Optional.of(home), List.of(), Optional.empty(), warnings::add);
        assertTrue(extensions.measures().containsKey("half"));
        assertEquals(List.of(), warnings);
        assertEquals(extensions.backends(), extensions.backends());
        assertEquals(1, warnings.size());
        assertEquals(warnings, extensions.all().problems());
    }

    /**
     * Writes a jar with a measure.
     *
     * @param change the difference from a sound one: {@code constructor}, {@code id}, {@code
     *     description}, {@code scale} or {@code compare}, with the statements in it; or {@code
     *     member}, with another member of the class
     */
    private void plugin(String name, String id, String change, String statements) throws IOException {
        var source = """
                public final class %s implements stir.api.SimilarityMeasure {
                    public %1$s() { %s }
                    @Override public String id() { %s }
                    @Override public String description() { %s }
                    @Override public stir.api.Scale scale() { %s }
                    @Override public double compare(stir.api.Matrix a, stir.api.Matrix b) { %s }
                    private static double deeper(double x) { return deeper(x) + 1; }
                    %s
                }
                """.formatted(
                        name,
                        change.equals("constructor") ? statements : "",
                        change.equals("id") ? statements : "return \"" + id + "\";",
                        change.equals("description") ? statements : "return \"any\";",
                        change.equals("scale") ? statements : "return stir.api.Scale.UNIT;",
                        change.equals("compare") ? statements : "return 0.5;",
                        change.equals("member") ? statements : "");
        write(name, source, SimilarityMeasure.class);
    }

    /**
     * Writes a jar with a term.
     *
     * @param change the difference from a sound one: {@code constructor}, {@code id} or {@code
     *     add}, with the statements in it
     */
    private void term(String name, String id, String change, String statements) throws IOException {
        var source = """
                public final class %s implements stir.api.ObjectiveTerm {
                    public %1$s() { %s }
                    @Override public String id() { %s }
                    @Override public String description() { return "any"; }
                    @Override public Evaluation on(stir.api.Shape input) {
                        return (weight, pixels, gradient) -> { %s };
                    }
                }
                """.formatted(
                        name,
                        change.equals("constructor") ? statements : "",
                        change.equals("id") ? statements : "return \"" + id + "\";",
                        change.equals("add") ? statements : "return 2 * weight;");
        write(name, source, ObjectiveTerm.class);
    }

    private void write(String name, String source, Class<?> service) throws IOException {
        new JarAuthor(home)
                .write(
                        Files.createDirectories(home.resolve("plugins")).resolve(name + ".jar"),
                        Map.of(name, source),
                        Map.of(service.getName(), name));
    }

    private Extensions load() {
        return ExtensionLoader.load(Optional.of(home), List.of(), Optional.empty(), text -> {});
    }

    private static SimilarityMeasure measure(Extensions extensions, String id) {
        return Optional.ofNullable(extensions.measures().get(id))
                .orElseThrow(
                        () -> new AssertionError(id + ": " + extensions.all().problems()));
    }

    private static void assertSentence(String message) {
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("plugins/Broken.jar"), message);
        assertTrue(message.endsWith("replace or remove it."), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "constructor|throw new NoClassDefFoundError(\"gone\");",
                "constructor|deeper(1);",
                "constructor|throw new OutOfMemoryError(\"of its own\");",
                "id|return null;",
                "id|return \"\";",
                "id|return \"two\\nlines\";",
                "id|return \"\\u001b[31mred\";",
                "id|return \"a b\";",
                "description|throw new IllegalStateException(\"broken\\nhere\");",
                "description|return null;",
                "description|return \"bell \\u0007\";",
                "scale|throw new AssertionError(\"none\");",
                "scale|return null;",
                "scale|return new stir.api.Scale(1, 0, true);",
            })
    void aFailureToLoadIsReportedWithItsJar(String change, String statements) throws IOException {
        plugin("Broken", "broken", change, statements);
        plugin("Sound", "sound", "", "");
        var extensions = load();
        assertEquals(1, extensions.all().problems().size(), extensions.all().problems()::toString);
        assertSentence(extensions.all().problems().get(0));
        assertFalse(extensions.measures().containsKey("broken"));
        assertEquals(0.5, measure(extensions, "sound").compare(ANY, ANY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new NoClassDefFoundError(\"gone\");",
                "throw new NullPointerException();",
                "throw new OutOfMemoryError(\"of its own\");",
                "return deeper(1);",
                "return Double.NaN;",
                "return Double.POSITIVE_INFINITY;",
                "return 7;",
                "return -0.1;",
            })
    void aFailureToComputeIsReportedWithItsJar(String statements) throws IOException {
        plugin("Broken", "broken", "compare", statements);
        var measure = measure(load(), "broken");
        var failure = assertThrows(BackendException.class, () -> measure.compare(ANY, ANY));
        assertSentence(failure.getMessage());
        assertTrue(failure.getMessage().contains("'broken'"), failure.getMessage());
    }

    @Test
    void furtherFoldersOfPlugInsAreRead() throws IOException {
        plugin("Sound", "sound", "", "");
        var more = home.resolve("plugins");
        var extensions = ExtensionLoader.load(
                Optional.empty(), List.of(Path.of(home + "/none"), more), Optional.empty(), text -> {});
        assertEquals(0.5, measure(extensions, "sound").compare(ANY, ANY));
        assertEquals(
                List.of("There is no plug-in folder %s/none.".formatted(home)),
                extensions.all().problems());
    }

    @Test
    void rowsAndMemoryComeFromThePlugIn() throws IOException {
        plugin("Quick", "quick", "member", """
                @Override public java.util.function.ToDoubleFunction<int[]> ofRows(
                        stir.api.Matrix a, stir.api.Matrix b) { return rows -> rows.length / 4.0; }
                @Override public long accumulatorBytes(int a, int b) { return a + 10L * b; }
                """);
        var measure = measure(load(), "quick");
        assertEquals(0.25, measure.ofRows(ANY, ANY).applyAsDouble(new int[1]));
        assertEquals(32, measure.accumulatorBytes(2, 3));
    }

    @Test
    void invalidRowsAndMemoryAreReportedWithTheirJar() throws IOException {
        plugin("Broken", "broken", "member", """
                @Override public java.util.function.ToDoubleFunction<int[]> ofRows(
                        stir.api.Matrix a, stir.api.Matrix b) { return rows -> 7; }
                @Override public long accumulatorBytes(int a, int b) { return -1; }
                """);
        var measure = measure(load(), "broken");
        var ofRows = measure.ofRows(ANY, ANY);
        assertSentence(assertThrows(BackendException.class, () -> ofRows.applyAsDouble(new int[1]))
                .getMessage());
        assertSentence(assertThrows(BackendException.class, () -> measure.accumulatorBytes(1, 1))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "constructor|throw new NoClassDefFoundError(\"gone\");",
                "id|return null;",
                "id|return \"a b\";",
            })
    void aTermThatFailsToLoadIsReportedWithItsJar(String change, String statements) throws IOException {
        term("Broken", "broken", change, statements);
        term("Sound", "sound", "", "");
        var extensions = load();
        assertEquals(1, extensions.all().problems().size(), extensions.all().problems()::toString);
        assertSentence(extensions.all().problems().get(0));
        assertFalse(extensions.terms().containsKey("broken"));
        assertEquals(6, add(extensions, "sound"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throw new NoClassDefFoundError(\"gone\");",
                "throw new ArrayIndexOutOfBoundsException(7);",
                "return Double.NaN;",
            })
    void aTermThatFailsToComputeIsReportedWithItsJar(String statements) throws IOException {
        term("Broken", "broken", "add", statements);
        var extensions = load();
        var failure = assertThrows(BackendException.class, () -> add(extensions, "broken"));
        assertSentence(failure.getMessage());
        assertTrue(failure.getMessage().contains("'broken'"), failure.getMessage());
    }

    private static double add(Extensions extensions, String term) {
        return Optional.ofNullable(extensions.terms().get(term))
                .orElseThrow(
                        () -> new AssertionError(term + ": " + extensions.all().problems()))
                .on(Shape.of(1))
                .add(3, new float[1], new float[1]);
    }

    @Test
    void roundingErrorsOutsideTheScaleAndRefusalsAreAccepted() throws IOException {
        plugin("Rounded", "rounded", "compare", "return 1.0000000001;");
        plugin("Refusing", "refusing", "compare", "throw new stir.api.DataException(\"no\");");
        var extensions = load();
        assertEquals(1.0000000001, measure(extensions, "rounded").compare(ANY, ANY));
        var refusing = measure(extensions, "refusing");
        assertEquals(
                "no",
                assertThrows(DataException.class, () -> refusing.compare(ANY, ANY))
                        .getMessage());
    }

    @Test
    void aRefusalWithLineBreaksBecomesOneLineOfItsKind() throws IOException {
        plugin("Blank", "blank", "compare", "throw new stir.api.DataException(\"one\\n\\n two\\u0007\");");
        plugin("Usage", "usage", "compare", "throw new stir.api.UsageException(\"three\\r\\nfour\");");
        var extensions = load();
        var blank = measure(extensions, "blank");
        var usage = measure(extensions, "usage");
        assertEquals(
                "one two?",
                assertThrows(DataException.class, () -> blank.compare(ANY, ANY)).getMessage());
        assertEquals(
                "three four",
                assertThrows(UsageException.class, () -> usage.compare(ANY, ANY))
                        .getMessage());
    }

    @Test
    void theMessageForASecondOfOneIdNamesTheFirst() throws IOException {
        plugin("First", "same", "", "");
        plugin("Second", "same", "", "");
        var problems = load().all().problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).contains("Second.jar") && problems.get(0).contains("First.jar"), problems::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugins", "plugins/Sound.jar"})
    @DisabledOnOs(OS.WINDOWS)
    void aPlaceThatEverybodyCanWriteIsNamedAndUsed(String place) throws IOException {
        plugin("Sound", "sound", "", "");
        assertEquals(List.of(), load().all().problems());
        var open = home.resolve(place);
        var rights = EnumSet.copyOf(Files.getPosixFilePermissions(open));
        rights.add(PosixFilePermission.OTHERS_WRITE);
        Files.setPosixFilePermissions(open, rights);
        var extensions = load();
        assertEquals(
                List.of(
                        "Every user of this machine can write %s, and thereby run any code in Stir: remove that right (chmod o-w)."
                                .formatted(open)),
                extensions.all().problems());
        assertEquals("sound", measure(extensions, "sound").id());
    }

    @Test
    void anInterruptIsNotAFaultOfThePlugIn() throws IOException {
        plugin("Sound", "sound", "", "");
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, this::load);
        assertTrue(Thread.interrupted(), "the interrupt status is kept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"[0.1,0.2); 0.1.0", "[0.1,0.2); 0.1.7-SNAPSHOT", "(0.0.9, 0.1.0]; 0.1.0", "[0.1,2.0); 0.10.3"})
    void aVersionWithinTheRangeOfAPlugInIsAccepted(String range, String version) {
        ApiRange.check("plugins/x.jar", range, version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[0.1,0.2); 0.2.0; was built for stir-api [0.1,0.2), and this is Stir 0.2.0",
                "(0.1.0,0.2); 0.1.0; was built for stir-api",
                "[0.3,0.4); 0.1.0; was built for stir-api",
                "0.1; 0.1.0; declares '0.1' for Stir-Api-Range"
            })
    void aPlugInForOtherVersionsIsRefused(String range, String version, String part) {
        var refusal = assertThrows(DataException.class, () -> ApiRange.check("plugins/x.jar", range, version));
        assertTrue(refusal.getMessage().startsWith("plugins/x.jar " + part), refusal::getMessage);
        assertFalse(refusal.getMessage().contains("\n"), refusal::getMessage);
    }

    @Test
    void theSourcesOfPlugInsAreListed() throws IOException {
        plugin("Sound", "sound", "", "");
        var source = load().all().sources().get(0);
        assertEquals("plugins/Sound.jar", source.name());
        assertEquals(List.of(home.resolve("plugins/Sound.jar")), source.jars());
        assertEquals(List.of("similarity measure 'sound'"), source.extensions());
    }
}
