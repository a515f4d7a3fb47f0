package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.cli.console.ExitCode;
import stir.core.io.arrays.NpyWriter;

/** Tests that wrong requests and unusable data end in one sentence and the right exit code. */
class WrongUsageTest {
    @TempDir
    Path folder;

    private Path network = Path.of("");
    private Path images = Path.of("");

    @BeforeEach
    void files() throws IOException {
        network = CommandRun.network(folder, 1);
        images = CommandRun.images(folder, 4);
    }

    private CommandRun score(Path inputs, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("score", network.toString(), network.toString(), "--inputs", inputs + ""));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--iterations|0|between 1 and 1000000",
                "--iterations|1000001|between 1 and 1000000",
                "--iterations|many|many",
                "--tolerance|1.5|tolerance",
                "--seed|snow|super-noise",
                "--norm|0.5|inf",
                "--device|gpu|cuda:N",
                "--optimizer|best|--optimizer: There is no optimizer 'best'",
                "--batch-size|0|at least 1",
                "--threads|0|at least 1",
                "--repeats|0|1 to 1000",
                "--reduce|mean|spatial-mean",
                "--reduce|per-position|tokens",
                "--limit|0|at least 1",
                "--measure|linear-ckb|linear-cka",
                "--layer-a|hiden|hidden",
                "--backend-a|pytorch|tiny",
                "--layout-b|nchw|channels-first",
                "--std-a|0|above 0",
                "--preset|best|reg-free",
                "--ball|l2:1|l2:RADIUS@seed",
                "--term|tv:heavy|is not a term",
                "--term|tv|is not a term",
                "--term|blur:0|above 0",
                "--term|grey?level=3:1|[0,1]",
                "--tv|0.1|There is no option '--tv': the nearest of ",
                "--tv|0.1:3|(`stir score --help` explains).",
                "--blur|0.2|There is no option '--blur': ",
                "--grey|0.1:6:0|There is no option '--grey': ",
                "--transform|jitter:8,spin:3|There is no transform 'spin'",
                "--transform|jitter|rotate:AMOUNT",
                "--momentum|1|below 1",
                "--step|0|above 0",
                "--controversial|nowhere.tiny|nowhere.tiny",
                "--controversial-factor|0.1|add --controversial.",
                "--second-layer|x|add --controversial.",
                "--layer-weights-a|1,2|one weight per layer",
                "--candidates|x|is for the optimiser candidates, not published",
                "--seed|constant:2|[0,1]",
                "--seed|42|The key of the random numbers is --rng-seed",
                "--layer|hiden|net1.tiny: There is no layer 'hiden'",
                "--layer-b|hiden|net1.tiny: There is no layer 'hiden'",
                "--layer|hiden|; `stir layers` lists all (options: --layer, --layer-a, --layer-b).",
                "--measure|cka|linear-cka, linear-cka-debiased, ",
                "--memory|lots|500m or 2g",
                "--memory|0|500m or 2g",
                "--cpu-isa|mmx|use one of avx2, avx512, sse4.2",
                "--cpu-isa|AVX2|use one of avx2, avx512, sse4.2",
                "--format|xml|json",
                "--epochs|3|There is no option '--epochs': use --iterations (",
                "--gpu|1|There is no option '--gpu': use --device (",
                "--all|x|There is no option '--all': `stir help score --all` explains all options.",
                "--slurm|x|There is no option '--slurm' outside `stir cluster` (",
                "--layr-a|x|--layer-a"
            })
    void valuesOutOfRangeAndUnknownNamesAreRefused(String option, String value, String hint) {
        var preset = option.equals("--preset") || option.equals("--optimizer");
        var run = preset ? score(images, option, value) : score(images, "--preset", "published", option, value);
        var sentence = run.failure(2);
        assertTrue(sentence.contains(hint), sentence);
    }

    /** Each option that divides the work is found where it is. */
    @Test
    void optionsOfManyMachinesLeadToTheirCommand() {
        var options = List.of("--slurm", "--kubernetes", "--stage", "--shard", "--finish", "--allow-mixed-machines");
        var help = CommandRun.of("help", "cluster", "score", "--all").out();
        for (var option : options) {
            assertTrue(help.contains(" " + option), help);
            var sentence = score(images, option).failure(2);
            assertTrue(
                    sentence.startsWith("stir: There is no option '%s' outside `stir cluster` (".formatted(option)),
                    sentence);
        }
    }

    @Test
    void optimisersMayBeWrittenInCapitalsAndInBritishSpelling() {
        for (var options : List.of("--optimiser Fast", "--optimizer FAST")) {
            var words = (options + " --iterations 3 --format json").split(" ", -1);
            var run = score(images, words);
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().contains("\"optimizer\": \"fast\""), run.out());
        }
    }

    @Test
    void anOptionOfAnotherOptimiserThanTheDefaultNamesIt() {
        for (var options : List.of("--step 1", "--norm 1", "--term tv:0.1", "--controversial N")) {
            var sentence = score(
                            images, options.replace("N", network.toString()).split(" "))
                    .failure(2);
            assertTrue(sentence.contains("The optimiser thorough (the default) "), sentence);
            assertTrue(sentence.contains(": add --optimizer published for "), sentence);
        }
    }

    @Test
    void conflictingOptionsAreRefused() {
        for (var options : List.of(
                "--optimizer fast --term tv:0.1",
                "--optimizer fast --step 1",
                "--optimizer fast --preset freq",
                "--optimizer candidates --ball l2:1@seed",
                "--norm 1 --optimizer thorough",
                "--optimizer candidates --iterations 5",
                "--optimizer candidates --no-fake-relu",
                "--curve 10,0",
                "--optimizer fast --layer-a hidden,logits",
                "--term tv:0.1",
                "--optimizer published --transform jitter:2 --tolerance 0.1",
                "--keep-representations")) {
            var sentence = score(
                            images, options.replace("N", network.toString()).split(" "))
                    .failure(2);
            assertTrue(sentence.strip().endsWith("."), options + ": " + sentence);
        }
    }

    @Test
    void missingArgumentsAreReported() {
        assertTrue(CommandRun.of("score", "a", "b").failure(2).contains("--inputs"));
        assertTrue(CommandRun.of("score", "--inputs", "x").failure(2).contains("A"));
        var misspelt = CommandRun.of("score", "a", "b", "--inptus", "x").failure(2);
        assertTrue(misspelt.contains("no option '--inptus': the nearest"), misspelt);
        var singular = CommandRun.of("layers", "a", "--input", "x").failure(2);
        assertTrue(singular.contains("--inputs names the inputs"), singular);
        var confused = CommandRun.of("score", "a", "b", "--input", "x").failure(2);
        assertTrue(confused.contains("'--inputs=DIR|FILE'; '--input' is another option"), confused);
        assertTrue(CommandRun.of("scor").failure(2).contains("score"));
        assertTrue(CommandRun.of("similarity", "a", "b", "c").failure(2).contains("'c'"));
    }

    @Test
    void aCommandWithoutArgumentsShowsTheHelp() {
        var run = CommandRun.of();
        assertEquals(ExitCode.USAGE, run.code());
        assertEquals(CommandRun.of("--help").out(), run.err());
        assertTrue(CommandRun.of("-q").failure(ExitCode.USAGE).contains("command"));
    }

    @Test
    void anInstructionSetThatTheLauncherDidNotPinCausesAWarning() {
        // The tests themselves may run with a pinned instruction set.
        var isa = "AVX2".equals(System.getenv("ONEDNN_MAX_CPU_ISA")) ? "sse4.2" : "avx2";
        var run = score(images, "--iterations", "1", "--cpu-isa", isa);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("warning: --cpu-isa " + isa + " has no effect"), run.err());
    }

    @Test
    void missingFilesAreReported() {
        assertTrue(score(folder.resolve("none")).failure(2).contains("none"));
        var missing = folder.resolve("none.tiny").toString();
        var run = CommandRun.of("score", missing, missing, "--inputs", images.toString());
        assertTrue(run.failure(2).contains(missing));
    }

    @Test
    void allMissingFilesAreReportedTogetherWithSimilarNames() {
        var first = folder.resolve("net1.tny");
        var second = folder.resolve("elsewhere.onnx");
        var inputs = folder.resolve("image.npy");
        var run = CommandRun.of("score", first + "", second + "", "--inputs", inputs + "");
        assertEquals(
                "stir: There is no file or folder '%s': is it 'net1.tiny'? There is no file or folder '%s'. There is no file or folder '%s': is it 'images.npy'?\n"
                        .formatted(first, second, inputs),
                run.failure(ExitCode.USAGE));
    }

    /** Of a variable that is not set; Java takes it for the current folder. */
    @Test
    void anEmptyNameIsRefused() {
        assertTrue(score(Path.of("")).failure(ExitCode.USAGE).contains("name is empty"));
    }

    @Test
    void aModelIsNotDownloaded() {
        var run = CommandRun.of("layers", "https://example.org/a.pt");
        assertTrue(
                run.failure(ExitCode.USAGE).contains("https://example.org/a.pt is not a file: nothing is downloaded"),
                run.err());
    }

    @Test
    void aFileThatNoBackendRecognisesIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("text.txt"), "no model").toString();
        assertTrue(CommandRun.of("layers", file).failure(2).contains("tiny"));
    }

    @Test
    void aFolderWithoutImagesIsRefused() throws IOException {
        var empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(score(empty).failure(1).contains("contains no images"));
    }

    @Test
    void anImageOfAFormatThatIsNotReadIsNotLeftOut() throws IOException {
        var photos = Files.createDirectory(folder.resolve("photos"));
        var image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        ImageIO.write(image, "png", photos.resolve("a.png").toFile());
        Files.writeString(photos.resolve("b.WebP"), "RIFF");
        var unread = score(photos).failure(1);
        assertTrue(unread.contains("b.WebP is an image of a format that is not read: convert it"), unread);
    }

    @Test
    void imagesOfDifferentSizesAreRefused() throws IOException {
        var mixed = Files.createDirectory(folder.resolve("mixed"));
        for (int size : new int[] {4, 5}) {
            var image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
            ImageIO.write(image, "png", mixed.resolve(size + ".png").toFile());
        }
        assertTrue(score(mixed).failure(1).contains("differ in size"));
    }

    @Test
    void inputsWithNaNAreRefused() {
        var file = folder.resolve("nan.npy");
        NpyWriter.write(file, Batch.of(Shape.of(2), 0.5f, 0.5f, Float.NaN, 0.5f));
        assertTrue(score(file).failure(1).contains("input 1"));
    }

    @Test
    void inputsOfAnotherShapeAreRefused() {
        var file = folder.resolve("vectors.npy");
        NpyWriter.write(file, Batch.allocate(3, Shape.of(5)));
        var run = score(file);
        assertTrue(run.code() == 1 || run.code() == 2, run.err());
        assertTrue(run.failure(run.code()).contains("5"), run.err());
    }

    @Test
    void aDefectIsReportedAsSuchAndTracedOnDemand() throws IOException {
        var broken =
                Files.writeString(folder.resolve("broken.tiny"), "no number").toString();
        var sentence = CommandRun.of("layers", broken).failure(1);
        assertTrue(sentence.contains("Internal error") && sentence.contains("--debug"), sentence);
        var traced = CommandRun.of("layers", broken, "--debug");
        assertEquals(1, traced.code());
        assertTrue(traced.err().contains("at stir.cli.TinyBackend.open"), traced.err());
    }
}
