package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.cli.console.Console;
import stir.cli.option.CpuIsa;

/** Tests of completion, the manual, and quiet and verbose runs. */
class ShellTest {
    @TempDir
    Path folder;

    /** Returns bash's completions of the last word of a line. */
    private List<String> offers(String... words) throws IOException, InterruptedException {
        var script = CommandRun.of("completion", "bash").out()
                + "\nCOMP_WORDS=("
                + String.join(" ", words)
                + ")\nCOMP_CWORD="
                + (words.length - 1)
                + "\n_complete_stir\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        var file = Files.writeString(folder.resolve("complete.sh"), script);
        var process = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text.lines().map(String::strip).toList();
    }

    @Test
    void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
        assertTrue(offers("stir", "sim").contains("similarity"));
        assertTrue(offers("stir", "score", "--layer").contains("--layer-a"));
        assertFalse(offers("stir", "layers", "--").contains("--layer-a"));
        assertTrue(offers("stir", "measures", "--format", "l").contains("latex"));
        assertTrue(offers("stir", "score", "--measure", "linear-").contains("linear-cka"));
        assertTrue(offers("stir", "score", "--preset", "").contains("reg-free"));
        assertFalse(offers("stir", "score", "--preset", "").contains("fast"));
        assertTrue(offers("stir", "score", "--reduce", "spat").contains("spatial-mean"));
        assertTrue(offers("stir", "score", "--layout-a", "").contains("channels-first"));
        assertTrue(offers("stir", "invert", "--normalise", "im").contains("imagenet"));
        assertTrue(offers("stir", "score", "--normalize", "im").contains("imagenet"));
        assertTrue(offers("stir", "score", "--optimi").contains("--optimiser"));
        assertTrue(offers("stir", "score", "--optimiser", "th").contains("thorough"));
        assertTrue(offers("stir", "matrix", "--device", "cu").contains("cuda"));
        assertTrue(offers("stir", "cluster", "matrix", "--stage", "").contains("search"));
        assertEquals(List.of("score", "matrix"), offers("stir", "cluster", ""));
        assertTrue(offers("stir", "help", "sco").contains("score"));
        assertTrue(offers("stir", "measures", "proc").contains("procrustes"));
        var fish = CommandRun.of("completion", "fish").out();
        assertTrue(
                fish.contains(
                        "-n '__fish_seen_subcommand_from score' -l normalise-b -l normalize-b -x -a 'imagenet clip half none'"),
                fish);
        assertTrue(CommandRun.of("completion", "zsh").out().startsWith("autoload -U +X compinit"));
    }

    /** Names of strangers' layers and files; each would make a file if a shell ran a part of it. */
    private static List<String> hostileNames() {
        var forms = List.of(
                "$(touch${IFS}%s)",
                "`touch${IFS}%s`",
                ";touch${IFS}%s",
                "|touch${IFS}%s",
                "&touch${IFS}%s;",
                "a[$(touch${IFS}%s)]",
                "${x:=$(touch${IFS}%s)}",
                "$((a[$(touch${IFS}%s)]))",
                "'$(touch${IFS}%s)'",
                "\"$(touch${IFS}%s)\"",
                "<(touch${IFS}%s)",
                ">(touch${IFS}%s)",
                "(touch${IFS}%s)",
                "{a,$(touch${IFS}%s)}",
                "~$(touch${IFS}%s)",
                "=touch${IFS}%s",
                "!touch${IFS}%s",
                "#$(touch${IFS}%s)",
                "\\$(touch${IFS}%s)",
                "*$(touch${IFS}%s)",
                "(touch %s)",
                "$(touch %s)",
                "; touch %s",
                "& touch %s",
                "' ; touch %s ; '",
                "\" ; touch %s ; \"",
                "$(touch %s) b",
                "-W $(touch %s)",
                "(e:'touch %s':)",
                "${(e):-$(touch %s)}");
        var names = new ArrayList<String>();
        for (int i = 0; i < forms.size(); i++) {
            names.add(forms.get(i).formatted("ran" + i));
        }
        return names;
    }

    /** Writes a program {@code stir} that prints hostile layers and a plain one, and returns its folder. */
    private Path programOf(List<String> layers) throws IOException {
        var table = new StringBuilder("layer,kind,shape\n");
        layers.forEach(layer -> table.append(layer).append(",Conv,8\n"));
        Files.writeString(folder.resolve("table.csv"), table + "conv1.relu,Relu,8\n");
        var bin = Files.createDirectories(folder.resolve("program"));
        var program = Files.writeString(bin.resolve("stir"), "#!/bin/sh\ncat " + folder.resolve("table.csv") + "\n");
        assertTrue(program.toFile().setExecutable(true));
        return bin;
    }

    /** Runs a script of a shell in the folder with hostile files, and returns what it prints. */
    private String inFolderOfFiles(String shell, String script) throws IOException, InterruptedException {
        var files = Files.createDirectories(folder.resolve("files"));
        var names = hostileNames();
        for (var name : names) {
            Files.writeString(files.resolve(name), "");
            Files.createDirectories(files.resolve("folder" + name));
        }
        Files.writeString(files.resolve("evil.onnx"), "");
        var bin = programOf(names);
        var file = Files.writeString(folder.resolve("script." + shell), script);
        var command = shell.equals("zsh") ? List.of("zsh", "-f", file.toString()) : List.of(shell, file.toString());
        var builder = new ProcessBuilder(command).directory(files.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", folder.toString());
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        try (var found = Files.walk(folder)) {
            assertEquals(
                    List.of(),
                    found.filter(path -> path.getFileName().toString().matches("ran\\d+.*"))
                            .toList(),
                    text);
        }
        return text;
    }

    @Test
    void bashRunsNoNameOfALayerOrAFile() throws IOException, InterruptedException {
        var ask =
                "\nask() { COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)); _complete_stir; printf '%s\\n' \"${COMPREPLY[@]}\"; }\n";
        var script = CommandRun.of("completion", "bash").out() + ask;
        var layers = inFolderOfFiles("bash", script + "ask stir represent evil.onnx --layer ''\n");
        assertEquals(List.of("conv1.relu"), layers.lines().toList());
        var files = inFolderOfFiles("bash", script + "for f in '' ./* folder; do ask stir layers \"$f\"; done\n");
        assertTrue(files.lines().toList().containsAll(hostileNames()), files);
        inFolderOfFiles("bash", script + "for f in ./*; do ask stir represent \"$f\" --layer ''; done\n");
    }

    @Test
    void zshRunsNoNameOfALayerOrAFile() throws IOException, InterruptedException {
        assumeTrue(isInstalled("zsh"), "zsh: on Debian, apt-get install zsh");
        var script = CommandRun.of("completion", "zsh").out().replace("compinit\n", "compinit -u -D\n")
                + "\nask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); compgen -F _complete_stir -- \"${@[-1]}\"; }\n";
        var layers = inFolderOfFiles("zsh", script + "ask stir represent evil.onnx --layer ''\n");
        assertEquals(List.of("conv1.relu"), layers.lines().toList());
        inFolderOfFiles("zsh", script + "for f in '' ./* folder; do ask stir layers \"$f\"; done\n");
        inFolderOfFiles("zsh", script + "for f in ./*; do ask stir represent \"$f\" --layer ''; done\n");
    }

    @Test
    void fishRunsNoNameOfALayerOrAFile() throws IOException, InterruptedException {
        assumeTrue(isInstalled("fish"), "fish: on Debian, apt-get install fish");
        var script = CommandRun.of("completion", "fish").out();
        var files = inFolderOfFiles("fish", script + "complete -C 'stir layers '\ncomplete -C 'stir layers ./'\n");
        assertTrue(files.contains("evil.onnx"), files);
        inFolderOfFiles("fish", script + "complete -C 'stir represent evil.onnx --layer '\n");
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Returns the environment in which the launcher starts Java, which a script replaces here. */
    private Map<String, String> launched(String... arguments) throws IOException, InterruptedException {
        var bin = Files.createDirectories(folder.resolve("bin"));
        var launcher = bin.resolve("stir");
        Files.copy(Path.of("src/image/bin/stir"), launcher, StandardCopyOption.REPLACE_EXISTING);
        var java = Files.writeString(
                Files.createDirectories(folder.resolve("runtime/bin")).resolve("java"), "#!/bin/sh\nenv\n");
        assertTrue(launcher.toFile().setExecutable(true) && java.toFile().setExecutable(true));
        var command = new ArrayList<>(List.of(launcher.toString(), "score"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove(CpuIsa.VARIABLE);
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text.lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> second));
    }

    @Test
    void theLauncherPinsTheInstructionSet() throws IOException, InterruptedException {
        for (var isa : CpuIsa.values()) {
            assertTrue(isa.isPinned(launched("--cpu-isa", isa.toString())), isa::toString);
            assertTrue(isa.isPinned(launched("--cpu-isa=" + isa, "--quiet")), isa::toString);
        }
        var environment = launched("--out", "x", "--cpu-isa", "avx2");
        assertEquals("AVX2", environment.get("DNNL_MAX_CPU_ISA"));
        assertEquals("AVX2", environment.get("MKL_CBWR"));
        assertEquals("AVX2", environment.get("MKL_ENABLE_INSTRUCTIONS"));
        assertEquals("avx2", environment.get("ATEN_CPU_CAPABILITY"));
        assertFalse(launched("avx2").containsKey(CpuIsa.VARIABLE));
        assertFalse(launched("--cpu-isa", "mmx").containsKey(CpuIsa.VARIABLE));
    }

    @Test
    void everyCommandHasAPageOfTheManual() throws IOException {
        var to = folder.resolve("man1");
        assertEquals(0, CommandRun.of("manual", "--to", to.toString()).code());
        var score = Files.readString(to.resolve("stir-score.1"));
        assertTrue(score.startsWith(".TH \"STIR-SCORE\" \"1\""), score);
        for (String part : List.of(
                "stir\\-score \\- Compares two networks in both directions\n",
                "\nUsage: stir score",
                "\n      \\-\\-repeats=N",
                "default: 1",
                "The 95 % interval is a",
                "\n   130   interrupted",
                "stir(1), stir\\-demo(1)")) {
            assertTrue(score.contains(part), part + " in\n" + score);
        }
        assertTrue(Files.readString(to.resolve("stir.1")).contains("\n  score       Compares two"));
        var cluster = Files.readString(to.resolve("stir-cluster-score.1"));
        assertTrue(cluster.contains("\nMany machines:\n      \\-\\-stage=STAGE"), cluster);
        assertFalse(score.contains("Many machines"), score);
        assertTrue(score.contains("(\\-\\-layer\\-a and \\-\\-layer\\-b are for"), score);
        var shown = CommandRun.of("manual", "score").out();
        assertTrue(shown.contains("Usage: stir score"), shown);
        assertTrue(shown.contains("The residual is the relative distance"), shown);
        assertTrue(shown.contains("--repeats=N"), shown);
        assertFalse(shown.contains(".SH") || shown.contains("\\-"), shown);
        assertTrue(shown.lines().allMatch(line -> line.length() <= 80), shown);
        assertTrue(CommandRun.of("manual", "scor").failure(2).contains("score"));
    }

    @Test
    void quietRunsPrintNothingAndVerboseRunsPrintTheirSteps() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("plugins")).resolve("junk.jar"), "junk");
        var console = CommandRun.console(Optional.of(folder), true, Console.USUAL_COLUMNS);
        assertEquals("", CommandRun.in(console, "measures", "--quiet").err());
        var printed = CommandRun.in(console, "measures", "--verbose").err();
        assertTrue(printed.contains("warning: plugins/junk.jar"), printed);
        assertTrue(printed.matches("(?s).*stir: \\d+ measures\\n.*"), printed);
        assertTrue(printed.matches("(?s).*stir: done in [0-9.]+ s.*"), printed);
    }
}
