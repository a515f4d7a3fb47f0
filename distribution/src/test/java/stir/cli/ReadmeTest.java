package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import stir.core.study.file.ExperimentFile;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Tests of the examples in README. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND =
            Pattern.compile("(?:`|^ {4})stir (\\w+)([^`\n]*)", Pattern.MULTILINE);
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][\\w-]*");

    @TempDir Path folder;

    private static List<String> blocks(String language) throws IOException {
        var blocks = new ArrayList<String>();
        var found = BLOCK.matcher(Files.readString(README));
        while (found.find()) {
            if (found.group(1).equals(language)) {
                blocks.add(found.group(2));
            }
        }
        return blocks;
    }

    /** Statements stand in a method, after those of the blocks before them. */
    private static String program(List<String> blocks) {
        var imports = new StringBuilder();
        var body = new StringBuilder();
        for (var line : String.join("\n", blocks).lines().toList()) {
            (line.startsWith("import ") ? imports : body).append(line).append('\n');
        }
        return "package readme;\n"
                + imports
                + "class Embedding { void run(stir.core.network.Network a, stir.core.network.Network b,"
                + " stir.core.inputs.Inputs inputs, Path folder) throws Exception {\n"
                + body
                + "}}";
    }

    private void compile(String name, String source) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        var file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        var options =
                List.of(
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")));
        boolean compiled =
                compiler.getTask(new StringWriter(), null, problems, options, null, List.of(file))
                        .call();
        assertTrue(compiled, () -> problems.getDiagnostics() + "\n" + source);
    }

    @Test
    void javaOfTheReadmeCompiles() throws IOException {
        var blocks = blocks("java");
        assertEquals(3, blocks.size(), "a measure, and two ways to compare");
        compile("MeanCosine", blocks.get(0));
        assertTrue(Files.exists(folder.resolve("org/example/measure/MeanCosine.class")));
        compile("Embedding", blocks.get(1));
        var second =
                new ArrayList<>(
                        List.of(
                                "import stir.core.Stir;\nimport stir.core.score.ScoreSettings;\nimport java.nio.file.Path;\nvar stir = Stir.load();\n"));
        second.add(blocks.get(2));
        compile("Embedding", program(second));
    }

    @Test
    void theMeasureOfTheReadmeIsThatOfTheTemplate() throws IOException {
        var template =
                Path.of(
                        "examples/measure-template/src/main/java/org/example/measure/MeanCosine.java");
        assertEquals(Files.readString(template), blocks("java").get(0));
    }

    @Test
    void experimentOfTheReadmeIsRead() throws IOException {
        for (var name : List.of("plain.pt", "robust.onnx", "digits")) {
            Files.createFile(folder.resolve(name));
        }
        for (var block : blocks("yaml")) {
            var file = Files.writeString(folder.resolve("study.yaml"), block);
            assertEquals(List.of(), ExperimentFile.read(file).problems());
        }
    }

    @Test
    void commandsAndOptionsOfTheReadmeExist() throws IOException {
        var root = CommandRun.commands();
        var found = COMMAND.matcher(Files.readString(README));
        int options = 0;
        while (found.find()) {
            var command = root.getSubcommands().get(found.group(1));
            if (command == null) {
                throw new AssertionError(found.group() + " is not a command");
            }
            var option = OPTION.matcher(found.group(2));
            while (option.find()) {
                assertTrue(
                        command.getCommandSpec().optionsMap().containsKey(option.group()),
                        found.group());
                options++;
            }
        }
        assertTrue(options >= 8, "options were looked for: " + options);
    }
}
