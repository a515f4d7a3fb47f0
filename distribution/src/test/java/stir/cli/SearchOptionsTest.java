package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import stir.api.UsageException;
import stir.cli.option.InversionOptions;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Preset;
import stir.core.inversion.SearchOption;
import stir.core.study.file.ExperimentFile;

/** The same words mean the same on the command line and in an experiment's file. */
class SearchOptionsTest {
    @TempDir
    Path folder;

    @Command(name = "searching")
    static final class Searching {
        @Mixin
        InversionOptions inversion = new InversionOptions();
    }

    @BeforeEach
    void files() throws IOException {
        for (var name : new String[] {"a.pt", "b.pt", "x.npy"}) {
            Files.createFile(folder.resolve(name));
        }
    }

    /** Settings, or what is wrong. */
    private record Answer(Map<String, Object> settings, Map<String, Path> files, String sentence) {
        static Answer of(InversionSettings settings) {
            return new Answer(settings.describe(), settings.files(), "");
        }

        static Answer of(String sentence) {
            return new Answer(Map.of(), Map.of(), sentence);
        }
    }

    private static Map<SearchOption, String> words(String text) {
        var words = new LinkedHashMap<SearchOption, String>();
        for (var part : text.split(" ", -1)) {
            int equals = part.indexOf('=');
            words.put(SearchOption.named(part.substring(0, equals)).orElseThrow(), part.substring(equals + 1));
        }
        return words;
    }

    private Answer onTheCommandLine(Map<SearchOption, String> words) {
        var arguments = new ArrayList<String>();
        words.forEach((option, word) -> arguments.add(
                switch (option.kind()) {
                    case FLAG -> "--" + option.word();
                    case YES_OR_NO -> word.equals("true") ? "--" + option.word() : "--no-" + option.word();
                    case FILE -> "--" + option.word() + "=" + folder.resolve(word);
                    case VALUE_OR_FILE ->
                        "--" + option.word() + "=" + (Files.exists(folder.resolve(word)) ? folder.resolve(word) : word);
                    case NAMED_FILES ->
                        "--"
                                + option.word()
                                + "="
                                + word.replace("x.npy", folder.resolve("x.npy").toString());
                    case VALUE, LIST -> "--" + option.word() + "=" + word;
                }));
        var command = new Searching();
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        try {
            return Answer.of(command.inversion.settings());
        } catch (UsageException e) {
            return Answer.of(e.getMessage().replaceAll("--(no-)?([a-z])", "$2"));
        }
    }

    private Answer inAFile(Map<SearchOption, String> words) throws IOException {
        var text = new StringBuilder("models: [{name: a, file: a.pt}]\ninputs: x.npy\nsearch:\n");
        words.forEach((option, word) -> text.append("  %s: \"%s\"%n".formatted(option.word(), word)));
        var file = ExperimentFile.read(Files.writeString(folder.resolve("e.yaml"), text));
        if (!file.problems().isEmpty()) {
            return Answer.of(file.problems().get(0).sentence());
        }
        return Answer.of(file.experiment().searches().get(0).settings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preset=published",
                "preset=reg-free",
                "preset=freq",
                "preset=tv",
                "preset=jones",
                "preset=jones optimizer=published",
                "preset=jones optimizer=fast step=0.5 momentum=0",
                "preset=jones optimizer=fast",
                "preset=jones seed=white iterations=7 fake-relu=true",
                "preset=best",
                "optimizer=published",
                "optimizer=fast",
                "optimizer=thorough tolerance=0.1",
                "optimizer=candidates candidates=x.npy norm=inf",
                "optimizer=candidates pairs=x.npy norm=inf",
                "pairs=x.npy",
                "pairs=x.npy candidates=x.npy",
                "optimizer=fast pairs=x.npy",
                "optimizer=candidates iterations=5",
                "optimizer=candidates fake-relu=false",
                "optimizer=best",
                "optimizer=thorough",
                "optimizer=thorough norm=1",
                "iterations=5 tolerance=0.25",
                "iterations=many",
                "iterations=0",
                "iterations=99999999999",
                "tolerance=2",
                "seed=light-noise:0.05",
                "seed=x.npy",
                "seed=snow",
                "rng-seed=-7",
                "rng-seed=1.5",
                "norm=3.5",
                "optimizer=published norm=0.5",
                "fake-relu=false",
                "controversial=b.pt",
                "optimizer=published controversial=b.pt",
                "optimizer=published controversial=b.pt controversial-factor=0.5 second-layer=x second-mean=0.5,0.4 second-std=0.25",
                "optimizer=published controversial=b.pt second-input=mask=x.npy,types=0" + " second-search-input=x",
                "optimizer=published second-input=types=0",
                "optimizer=published second-search-input=x",
                "optimizer=published controversial=b.pt controversial-factor=-1",
                "optimizer=published controversial=b.pt controversial-factor=auto",
                "optimizer=published controversial=b.pt controversial-factor=automatic",
                "optimizer=published controversial-factor=0.5",
                "optimizer=published second-layer=x",
                "optimizer=published second-mean=0.5",
                "optimizer=published term=tv?beta=3:0.1,blur:0.2,grey?p=6&level=0:0.1 transform=jitter:2,pad:3",
                "optimizer=published term=tv?beta=3:0.1,grey:2",
                "optimizer=published term=tv",
                "optimizer=published term=tv:heavy",
                "optimizer=published term=blur:0",
                "optimizer=published term=tv:1,tv:2",
                "optimizer=published transform=jitter:2,spin:3",
                "optimizer=published transform=jitter:2 tolerance=0.1",
                "optimizer=published step=0.25 momentum=0.5 fourier=true ball=linf:0.1@input",
                "optimizer=published step=0",
                "optimizer=published step=0.1 random-steps=true",
                "optimizer=published random-steps=true momentum=0.5",
                "optimizer=published random-steps=true fourier=true",
                "optimizer=fast random-steps=true",
                "optimizer=published estimate-gradients=20:0.5 fourier=true",
                "optimizer=published estimate-gradients=21",
                "optimizer=published estimate-gradients=20:0",
                "optimizer=published estimate-gradients=many",
                "optimizer=published estimate-gradients=20 random-steps=true",
                "optimizer=fast estimate-gradients=20",
                "optimizer=published momentum=1",
                "ball=l2:1",
                "candidates=x.npy",
                "optimizer=fast term=tv:0.1",
                "optimizer=fast step=1",
                "optimizer=fast norm=inf",
                "optimizer=fast controversial=b.pt",
                "optimizer=candidates ball=l2:1@seed"
            })
    void optionsMeanTheSameOnTheCommandLineAndInAFile(String text) throws IOException {
        assertEquals(inAFile(words(text)), onTheCommandLine(words(text)));
    }

    @Test
    void everyOptionIsTested() throws NoSuchMethodException {
        var texts = SearchOptionsTest.class
                .getDeclaredMethod("optionsMeanTheSameOnTheCommandLineAndInAFile", String.class)
                .getAnnotation(ValueSource.class)
                .strings();
        var tried = EnumSet.noneOf(SearchOption.class);
        Arrays.stream(texts).forEach(text -> tried.addAll(words(text).keySet()));
        assertEquals(EnumSet.allOf(SearchOption.class), tried);
    }

    @Test
    void aPresetWithItsOptimiserNamedStaysThePreset() throws IOException {
        for (var place : new boolean[] {true, false}) {
            var words = words("preset=jones optimizer=published");
            var answer = place ? inAFile(words) : onTheCommandLine(words);
            assertEquals(Preset.JONES.settings().describe(), answer.settings());
            assertEquals(2000, answer.settings().get("iterations"));
        }
        assertEquals(
                InversionSettings.of(Optimizer.THOROUGH.method()).describe(),
                inAFile(words("optimizer=thorough")).settings());
    }

    @Test
    void problemsNameOptionsAsTheyAreWritten() throws IOException {
        var words = words("controversial-factor=0.5");
        var command = new Searching();
        new CommandLine(command).parseArgs("--controversial-factor=0.5");
        try {
            command.inversion.settings();
            throw new AssertionError("taken");
        } catch (UsageException e) {
            assertEquals("--controversial-factor is for a second network: add --controversial.", e.getMessage());
        }
        assertEquals(
                "controversial-factor is for a second network: add controversial.",
                inAFile(words).sentence());
    }
}
