package stir.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import stir.cli.CommandRun;
import stir.cli.MarkdownPage;
import stir.cli.MarkdownPage.Block;

/**
 * The blocks of a page, run one after the other in a folder that has the image's {@code demo} and
 * {@code examples}.
 */
final class PageRun {
    private static final Pattern NAME = Pattern.compile("^(?:#|//) ([\\w-]+\\.(?:yaml|java))\n");
    private static final Pattern MAIN = Pattern.compile("static void main\\(");

    /** The exit codes with which Stir refuses a command or input, or can't do what it asks. */
    private static final List<Integer> REFUSALS = List.of(1, 2, 3);

    private static final JsonMapper MAPPER = new JsonMapper();

    private final MarkdownPage page;
    private final Path folder;
    private final boolean comparesNumbers;
    private final List<String> problems = new ArrayList<>();
    private boolean isStopped;

    /** The output of the block before this one, if that was run. */
    private Optional<String> output = Optional.empty();

    /**
     * Creates a run of a page.
     *
     * @param folder an empty folder
     * @param comparesNumbers whether numbers of outputs are compared, or words alone
     */
    PageRun(MarkdownPage page, Path folder, boolean comparesNumbers) throws IOException {
        this.page = page;
        this.folder = folder;
        this.comparesNumbers = comparesNumbers;
        for (var name : List.of("demo", "examples")) {
            new Image(Image.built().folder().resolve(name)).copy(folder.resolve(name));
        }
    }

    /** Returns whether a page has a block that is run, compiled or read. */
    static boolean hasWork(MarkdownPage page) {
        return page.blocks().stream()
                .anyMatch(block -> List.of("shell", "java", "json").contains(block.language()));
    }

    /** Runs the page up to the first command that fails, and returns what is wrong with it. */
    List<String> problems() throws IOException {
        for (var block : page.blocks()) {
            var before = output;
            output = Optional.empty();
            switch (block.language()) {
                case "shell" -> shell(block);
                case "java" -> java(block);
                case "json" -> json(block);
                case "yaml" -> write(block);
                case "text" -> before.ifPresent(printed -> compare(block, printed));
                default -> {
                    // Other languages have tests of their own, or none.
                }
            }
            if (isStopped) {
                break;
            }
        }
        return problems;
    }

    private void shell(Block block) throws IOException {
        var commands = commands(block.text());
        if (commands.isEmpty()) {
            problem(block.line(), "this block does not parse: " + complaints(block.text()));
        } else if (!block.remark().equals("external")) {
            run(block, commands);
        }
    }

    /** Returns whole commands; the lines of a text that does not parse are an empty list. */
    private static List<String> commands(String text) {
        var commands = new ArrayList<String>();
        var begun = new StringBuilder();
        for (var line : text.lines().toList()) {
            begun.append(line).append('\n');
            if (!line.endsWith("\\") && complaints(begun.toString()).isEmpty()) {
                if (!begun.toString().replaceAll("(?m)^\\s*#.*", "").isBlank()) {
                    commands.add(begun.toString());
                }
                begun.setLength(0);
            }
        }
        return begun.length() > 0 ? List.of() : commands;
    }

    /** Returns the complaints of bash about a text; none if it is a whole command. */
    private static String complaints(String text) {
        return new Launch(List.of("bash", "-n", "-c", text)).run().err();
    }

    /** Runs commands and keeps what the last one prints. */
    private void run(Block block, List<String> commands) throws IOException {
        var before = Files.createTempFile(folder.getParent(), "before", ".txt");
        var last = before.resolveSibling(before.getFileName() + ".last");
        var script = new StringBuilder("cd '" + folder + "'\nexec >'" + before + "' 2>&1\n");
        for (int i = 0; i < commands.size(); i++) {
            script.append(i < commands.size() - 1 ? "" : "exec >'" + last + "' 2>&1\n");
            script.append(commands.get(i));
        }
        var image = Image.built().folder();
        var cache = Files.createDirectories(image.resolveSibling("image-tests").resolve("cache"));
        int code = new Launch(List.of("bash", "-e", "-c", script.toString()))
                .with("PATH", image.resolve("bin") + ":" + System.getenv("PATH"))
                .with("LANG", "C.UTF-8")
                .with("STIR_CACHE", cache.toString())
                .run()
                .code();
        boolean isLast = Files.exists(last);
        var printed = isLast ? CommandRun.withoutProgress(Files.readString(last)) : "";
        boolean isExpected = block.remark().equals("fails") ? isLast && REFUSALS.contains(code) : code == 0;
        if (!isExpected) {
            isStopped = true;
            problem(block.line(), "ended with " + code + "\n" + Files.readString(before) + printed);
        }
        output = Optional.of(printed.replace(folder + "/", ""));
    }

    private void compare(Block block, String printed) {
        ShownOutput.between(block.text(), printed, comparesNumbers)
                .ifPresent(difference -> problem(
                        block.line() + difference.line(),
                        "expected '%s', but the output was:\n%s".formatted(difference.expected(), printed)));
    }

    /**
     * Returns whether this machine is of the kind whose numbers pages show: an AMD processor with
     * AVX-512. PyTorch's MKL has other kernels for other makers.
     */
    static boolean hasNumbersOfPages() {
        try {
            var processor = Files.readString(Path.of("/proc/cpuinfo"));
            return System.getenv("ATEN_CPU_CAPABILITY") == null
                    && processor.contains("AuthenticAMD")
                    && processor.contains(" avx512f ");
        } catch (IOException e) {
            return false; // another system
        }
    }

    private void json(Block block) {
        try {
            MAPPER.readTree(block.text());
        } catch (JsonProcessingException e) {
            problem(block.line(), e.getOriginalMessage());
        }
    }

    /** Writes a block with a name into its file. */
    private Optional<Path> write(Block block) throws IOException {
        var name = NAME.matcher(block.text());
        return name.find()
                ? Optional.of(Files.writeString(folder.resolve(name.group(1)), block.text()))
                : Optional.empty();
    }

    private void java(Block block) throws IOException {
        var source = write(block);
        if (source.isEmpty()) {
            return;
        }
        var libraries = jars(Image.built().folder().resolveSibling("modules"));
        var classes = folder.resolve("classes");
        var messages = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of("-proc:none", "-d", classes.toString(), "-cp", libraries);
            var units = files.getJavaFileObjects(source.get());
            if (!compiler.getTask(messages, files, null, options, null, units).call()) {
                problem(block.line(), "does not compile:\n" + messages);
                return;
            }
        }
        if (MAIN.matcher(block.text()).find()) {
            var backends = Image.built().folder().resolve("backends");
            var path = libraries + ":" + jars(backends.resolve("djl")) + ":" + jars(backends.resolve("onnx"));
            var type = source.get().getFileName().toString().replace(".java", "");
            var command = Launch.java(List.of("-cp", classes + ":" + path, type));
            run(block, List.of("'" + String.join("' '", command) + "'\n"));
        }
    }

    private static String jars(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private void problem(int line, String text) {
        problems.add(page.name() + ":" + line + ": " + text.strip());
    }
}
