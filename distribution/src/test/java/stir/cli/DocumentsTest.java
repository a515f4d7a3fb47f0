package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import stir.core.study.file.ExperimentFile;

/** The commands, options, experiments and languages of blocks that documents have. */
class DocumentsTest {
    private static final String COMMAND = "stir (?=[a-z-])((?:[a-z][\\w-]*)?)([^`\n|;)]*)";

    /** A command in a piece of code or in an indented block. */
    private static final Pattern IN_PROSE = Pattern.compile("(?:`|^ {4})" + COMMAND, Pattern.MULTILINE);

    private static final Pattern IN_SHELL = Pattern.compile("(?:^|[|&;(] *|bin/)" + COMMAND, Pattern.MULTILINE);

    /** Options without a command. */
    private static final Pattern ALONE = Pattern.compile("`(--[^`\n]*)`");

    private static final Pattern GUIDE = Pattern.compile("README\\.md|distribution/docs/[\\w-]+\\.md");

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][\\w-]*");

    private static final Pattern PROGRAM =
            Pattern.compile("(^|&& |/)(stir|mvn|java|python3?|pip|bash|\\w+\\.sh) [\\w'./-]");

    /** Languages of blocks that are run, compiled, read or compared, and those that are not. */
    private static final Set<String> LANGUAGES = Set.of("text", "yaml", "json", "xml", "groovy", "bibtex");

    private final CommandSpec root = CommandRun.commands().getCommandSpec();

    @Test
    void commandsAndOptionsExist() throws IOException {
        var wrong = new ArrayList<String>();
        int options = 0;
        for (var page : MarkdownPage.all()) {
            if (!page.name().equals("CHANGELOG.md")) { // names earlier ones
                for (var command : commands(page)) {
                    options += command.options().size();
                    command.problem(root).ifPresent(text -> wrong.add(page.name() + ": " + text));
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(options > 50, options + " options");
    }

    @Test
    void optionsThatStandAloneExist() throws IOException {
        var wrong = new ArrayList<String>();
        int options = 0;
        for (var page : MarkdownPage.all()) {
            if (GUIDE.matcher(page.name()).matches()) {
                var alone = ALONE.matcher(page.text()).results().map(match -> match.group(1));
                var named = alone.flatMap(words -> options(words).stream()).toList();
                options += named.size();
                new Command("", named).problem(root).ifPresent(text -> wrong.add(page.name() + ": " + text));
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(options > 100, options + " options");
    }

    @Test
    void anUnknownCommandOrOptionIsFoundInEachKindOfCode() {
        for (var code : List.of(
                "Call `stir score a b --no-such`.",
                "    stir score a b --no-such\n",
                "```shell\nstir score a \\\n  b --no-such\n```\n",
                "```shell\n(cd a && stir score a b --no-such) | head\n```\n",
                "```shell external\n/opt/stir-1/bin/stir --no-such\n```\n",
                "Call `stir no-such`.")) {
            var problems = commands(new MarkdownPage("a.md", code)).stream()
                    .flatMap(command -> command.problem(root).stream())
                    .toList();
            assertEquals(1, problems.size(), code);
            assertTrue(problems.get(0).endsWith("no-such"), problems::toString);
        }
        var prose = new MarkdownPage("a.md", "Here stir is not code.\nstir the soup.\n");
        assertEquals(List.of(), commands(prose));
        var right = new MarkdownPage("a.md", "`stir score --layer-a=a --no-fake-relu --limit 3`");
        assertEquals(List.of(new Command("score", List.of("--layer-a", "--no-fake-relu", "--limit"))), commands(right));
        assertEquals(Optional.empty(), commands(right).get(0).problem(root));
    }

    private static List<Command> commands(MarkdownPage page) {
        var shell = page.blocks().stream()
                .filter(block -> block.language().equals("shell"))
                .map(block -> block.text().replace("\\\n", "  "))
                .collect(Collectors.joining());
        return Stream.concat(
                        IN_PROSE.matcher(page.text()).results(),
                        IN_SHELL.matcher(shell).results())
                .map(match -> new Command(match.group(1), options(match.group(2))))
                .toList();
    }

    private static List<String> options(String words) {
        return OPTION.matcher(words).results().map(MatchResult::group).toList();
    }

    /**
     * A command of a page.
     *
     * @param name its name; empty for the program alone
     */
    private record Command(String name, List<String> options) {
        Optional<String> problem(CommandSpec root) {
            var known = root.subcommands();
            if (!name.isEmpty() && !known.containsKey(name)) {
                return Optional.of("there is no command " + name);
            }
            var spec = name.isEmpty()
                    ? root
                    : Objects.requireNonNull(known.get(name)).getCommandSpec();
            return options.stream()
                    .filter(option -> !has(spec, option))
                    .map(option -> "stir " + name + " has no option " + option)
                    .findFirst();
        }

        private static boolean has(CommandSpec command, String option) {
            return command.optionsMap().containsKey(option)
                    || command.negatedOptionsMap().containsKey(option)
                    || command.subcommands().values().stream().anyMatch(child -> has(child.getCommandSpec(), option));
        }
    }

    @Test
    void blocksNameTheirLanguageAndProgramsTheirFile() throws IOException {
        var wrong = new ArrayList<String>();
        for (var page : MarkdownPage.all()) {
            if (!page.name().contains("/design/")) {
                for (var block : page.blocks()) {
                    if (!isConventional(block)) {
                        wrong.add(page.name() + ":" + block.line() + ": " + block);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void commandsStandInBlocksThatNameTheirLanguage() throws IOException {
        var page = new MarkdownPage("a.md", "Call\n\n    cd a && bin/stir demo\n\n    r = 1\n");
        assertEquals(1, commandLines(page).count());
        var wrong = new ArrayList<String>();
        for (var other : MarkdownPage.all()) {
            if (!other.name().contains("/reference/")) { // help texts as they are
                commandLines(other).forEach(line -> wrong.add(other.name() + ": " + line));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static Stream<String> commandLines(MarkdownPage page) {
        return page.indented().stream()
                .flatMap(block -> block.text().lines())
                .filter(line -> PROGRAM.matcher(line).find());
    }

    private static boolean isConventional(MarkdownPage.Block block) {
        return switch (block.language()) {
            case "java" -> block.remark().equals("fragment") || block.text().matches("(?s)// \\w+\\.java\n.*");
            case "shell" -> List.of("", "external", "fails").contains(block.remark());
            case "python" -> List.of("", "torch", "tensorflow").contains(block.remark());
            default -> LANGUAGES.contains(block.language()) && block.remark().isEmpty();
        };
    }

    @Test
    void experimentsAreRead(@TempDir Path folder) throws IOException {
        int read = 0;
        for (var page : MarkdownPage.all()) {
            for (var block : page.blocks()) {
                if (block.language().equals("yaml") && block.text().contains("models:")) {
                    read++;
                    var file = Files.writeString(folder.resolve("study.yaml"), block.text());
                    var problems = ExperimentFile.read(file).problems().stream();
                    assertEquals(
                            List.of(),
                            problems.map(Object::toString)
                                    .filter(text -> !text.contains("There is no file or folder"))
                                    .toList(),
                            page.name() + ":" + block.line());
                }
            }
        }
        assertTrue(read > 0);
    }

    @Test
    void theMeasureOfThePagesIsThatOfTheTemplate() throws IOException {
        var template = Files.readString(
                        Path.of("examples/measure-template/src/main/java/org/example/__package__/__Name__.java"))
                .replace("__package__", "measure")
                .replace("__Name__", "MeanCosine")
                .replace("__id__", "mean-cosine");
        var measures = MarkdownPage.all().stream()
                .flatMap(page -> page.blocks().stream())
                .map(block -> block.text().replaceFirst("^// \\w+\\.java\n", ""))
                .filter(text -> text.contains("class MeanCosine "))
                .toList();
        assertFalse(measures.isEmpty());
        measures.forEach(text -> assertEquals(template, text));
    }
}
