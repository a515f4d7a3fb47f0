import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import stir.cli.command.FrontEnd;
import stir.cli.command.StirCommand;
import stir.cli.console.Console;
import stir.cli.console.EnvironmentVariable;
import stir.cli.console.ExitCode;
import stir.cli.console.Interruption;
import stir.cli.option.OptionSection;

/**
 * Writes the tables of the pages in {@code docs/reference} from the program: its commands, options,
 * exit codes, environment variables and measures. {@code Site.java} adds them to the pages.
 *
 * <pre>java --module-path MODULES --add-modules stir.cli Reference.java FOLDER</pre>
 */
final class Reference {
    /** What Markdown would read as a mark, outside of pieces of code. */
    private static final Pattern MARK = Pattern.compile("(`[^`]*`)|([*_<\\[\\\\])");

    /** Digits of the ends of ranges. */
    private static final int DIGITS = 4;

    /** The paragraphs of a long description that the page has. */
    private static final int PARAGRAPHS = 2;

    private final StringBuilder text = new StringBuilder();

    private Reference() {}

    public static void main(String[] arguments) throws IOException {
        var folder = Files.createDirectories(Path.of(arguments[0]));
        Files.writeString(folder.resolve("commands.md"), commands());
        Files.writeString(folder.resolve("measures.md"), measures());
    }

    /** Returns the parser of all commands, for an environment without terminal and plug-ins. */
    private static CommandLine program(String... arguments) {
        var console = new Console(Optional.empty(), false, false, Console.USUAL_COLUMNS, false);
        var interruption =
                new Interruption(Thread.currentThread(), new PrintWriter(System.err, true), code -> System.exit(code));
        return StirCommand.commandLine(console, interruption, arguments);
    }

    private static String commands() {
        var page = new Reference();
        var root = program().getCommandSpec();
        var commands = root.subcommands().values().stream().map(each -> each.getCommandSpec());
        var specs = commands.flatMap(Reference::withChildren).toList();
        page.line("## Exit codes\n");
        page.table("code", coded(ExitCode.explained()));
        page.line("## Environment variables\n");
        page.table("variable", coded(EnvironmentVariable.explained()));
        page.line("## Options of every command\n");
        var general = allRows(specs.get(0));
        specs.forEach(command -> general.entrySet().retainAll(allRows(command).entrySet()));
        page.table("option", general);
        var shared =
                shared(specs.stream().filter(command -> base(command).isEmpty()).toList(), general);
        page.line("## Shared options\n");
        page.line("Several commands have these options, with the same meaning; each command lists"
                + " its own. A command with two networks also has `--layer-a` and"
                + " `--layer-b` for `--layer`, and so on, for one network only. Both"
                + " spellings are accepted: `--optimizer` and `--optimiser`, `--normalise`"
                + " and `--normalize`.\n");
        shared.forEach((section, rows) -> {
            page.line("### " + section.heading() + "\n");
            page.table("option", rows);
        });
        var described = new HashMap<Map<String, String>, String>();
        specs.forEach(command -> page.command(command, shared, general, described));
        return page.text.toString();
    }

    private static Stream<CommandSpec> withChildren(CommandSpec command) {
        var children = command.subcommands().values().stream().map(each -> each.getCommandSpec());
        return Stream.concat(Stream.of(command), children.flatMap(Reference::withChildren));
    }

    /**
     * Returns the options that at least two commands have with the same description, in the order
     * of the command with the most options, without those of every command.
     */
    private static Map<OptionSection, Map<String, String>> shared(
            List<CommandSpec> commands, Map<String, String> general) {
        var shared = new EnumMap<OptionSection, Map<String, String>>(OptionSection.class);
        var counts = new HashMap<List<String>, Integer>();
        commands.forEach(command -> OptionSection.of(command, false).values().stream()
                .flatMap(options -> rows(options).entrySet().stream())
                .forEach(row -> counts.merge(pair(row), 1, Integer::sum)));
        commands.stream()
                .sorted(Comparator.comparing(command -> -command.options().size()))
                .flatMap(command -> OptionSection.of(command, false).entrySet().stream())
                .forEach(section -> {
                    var rows = new LinkedHashMap<>(rows(section.getValue()));
                    rows.entrySet().removeAll(general.entrySet());
                    rows.entrySet().removeIf(row -> counts.getOrDefault(pair(row), 0) < 2);
                    rows.forEach(shared.computeIfAbsent(section.getKey(), key -> new LinkedHashMap<>())::putIfAbsent);
                });
        shared.values().removeIf(Map::isEmpty);
        return shared;
    }

    /** Returns the command of the same name whose options a command within another has. */
    private static Optional<CommandSpec> base(CommandSpec command) {
        return Optional.ofNullable(command.parent())
                .map(CommandSpec::parent)
                .map(root -> root.subcommands().get(command.name()))
                .map(CommandLine::getCommandSpec);
    }

    private static Map<String, String> allRows(CommandSpec command) {
        var all = new LinkedHashMap<String, String>();
        OptionSection.of(command, false).values().forEach(each -> all.putAll(rows(each)));
        return all;
    }

    private static List<String> pair(Map.Entry<String, String> row) {
        return List.of(row.getKey(), row.getValue());
    }

    private void command(
            CommandSpec command,
            Map<OptionSection, Map<String, String>> shared,
            Map<String, String> general,
            Map<Map<String, String>, String> described) {
        var message = command.usageMessage();
        var name = command.qualifiedName(" ");
        var words = new ArrayList<>(List.of(name));
        command.positionalParameters().forEach(argument -> words.add(argument.paramLabel()));
        line("## " + name + "\n");
        if (words.size() > 1) {
            line("    " + String.join(" ", words) + "\n");
        }
        beginning(name, message.description());
        command.positionalParameters()
                .forEach(argument ->
                        line("- %s: %s".formatted(code(argument.paramLabel()), escaped(description(argument)))));
        if (words.size() > 1) {
            line("");
        }
        var own = new LinkedHashMap<String, String>();
        var sections = new ArrayList<String>();
        var others = new ArrayList<String>();
        var ofBase = base(command).map(Reference::allRows).orElse(Map.of()).entrySet();
        OptionSection.of(command, false).forEach((section, options) -> {
            var rows = rows(options);
            rows.entrySet().removeAll(ofBase);
            rows.entrySet().removeAll(general.entrySet());
            var common = shared.getOrDefault(section, Map.of());
            var has = new LinkedHashMap<>(common);
            has.entrySet().retainAll(rows.entrySet());
            var lacks = new LinkedHashMap<>(common);
            lacks.entrySet().removeAll(rows.entrySet());
            if (has.size() > 2 * lacks.size()) {
                sections.add(reference(section, lacks));
            } else {
                others.addAll(names(has));
            }
            rows.entrySet().removeAll(common.entrySet());
            own.putAll(rows);
        });
        var former = own.isEmpty() ? null : described.putIfAbsent(own, name);
        if (former == null) {
            table("option", own);
        } else {
            line("The options are those of " + code(former) + ".\n");
        }
        if (!sections.isEmpty()) {
            others.add("all of " + String.join(", ", sections));
        }
        if (!others.isEmpty()) {
            line("[Shared options](#shared-options): " + String.join(", ", others) + ".\n");
        }
        lines(withoutExamples(message.footer()));
    }

    /** Returns the name of a section, with the options that a command lacks. */
    private static String reference(OptionSection section, Map<String, String> lacks) {
        var heading = section.heading();
        var link = "[%s](#%s)".formatted(heading, anchor(heading));
        return lacks.isEmpty() ? link : "%s (not %s)".formatted(link, String.join(", ", names(lacks)));
    }

    private static List<String> names(Map<String, String> rows) {
        return rows.keySet().stream().map(key -> key.replaceAll("=[^`]*`", "`")).toList();
    }

    /** Returns the lines of a help before its examples, which only the help has. */
    private static String[] withoutExamples(String[] lines) {
        return Arrays.stream(lines)
                .takeWhile(line -> !line.matches("Examples?:|An experiment file, .*"))
                .toArray(String[]::new);
    }

    /** Adds the first paragraphs of a description; the manual has all of them. */
    private void beginning(String command, String[] description) {
        var paragraphs =
                Arrays.stream(description).filter(line -> !line.isBlank()).toList();
        boolean isLong = paragraphs.size() > PARAGRAPHS + 1;
        lines(paragraphs.stream().limit(isLong ? PARAGRAPHS : paragraphs.size()).toArray(String[]::new));
        if (isLong) {
            line(code(command.replaceFirst(" ", " manual ")) + " explains the rest.\n");
        }
    }

    /** Adds lines of a help: those that are indented are examples. */
    private void lines(String[] lines) {
        boolean isExample = false;
        for (var each : lines) {
            var line = each.replace("%%", "%").replace("%n", "");
            boolean follows = isExample;
            isExample = line.startsWith(" ") || (isExample && line.isBlank());
            if (follows && !isExample) {
                line("");
            }
            if (isExample) {
                line(("  " + line).stripTrailing());
            } else if (!line.isBlank()) {
                line(escaped(line) + "\n");
            }
        }
        if (isExample) {
            line("");
        }
    }

    /** Returns the options with their values, and their descriptions. */
    private static Map<String, String> rows(List<OptionSpec> options) {
        var rows = new LinkedHashMap<String, String>();
        for (var option : options) {
            var prefix = option.negatable() ? "--[no-]" : "--";
            var value = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
            rows.put(
                    OptionSection.shownNames(option).stream()
                            .map(name -> code(name.replaceFirst("^--", prefix) + value))
                            .collect(Collectors.joining(", ")),
                    description(option));
        }
        return rows;
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()))
                .replace("%%", "%");
    }

    private static String measures() throws IOException {
        var printed = new StringWriter();
        String[] arguments = {"measures", "--format", "json"};
        if (FrontEnd.execute(program(arguments).setOut(new PrintWriter(printed, true)), arguments) != ExitCode.DONE) {
            throw new IOException("`stir measures` failed");
        }
        var families = new LinkedHashMap<String, List<JsonNode>>();
        for (var measure : new JsonMapper().readTree(printed.toString()).path("measures")) {
            families.computeIfAbsent(measure.path("family").asText(), family -> new ArrayList<>())
                    .add(measure);
        }
        var page = new Reference();
        families.forEach(page::family);
        return page.text.toString();
    }

    /** Adds the measures of a family, after the parameters that three or more of them share. */
    private void family(String family, List<JsonNode> measures) {
        var counts = new LinkedHashMap<String, Integer>();
        measures.forEach(measure -> parameters(measure).forEach((id, text) -> counts.merge(text, 1, Integer::sum)));
        counts.values().removeIf(count -> count < 3);
        line("## " + heading(family) + "\n");
        if (!counts.isEmpty()) {
            line("Parameters of several measures: " + String.join("; ", counts.keySet()) + ".\n");
        }
        var rows = new LinkedHashMap<String, String>();
        for (var measure : measures) {
            var star = measure.path("recommended").asBoolean() ? " \\*" : "";
            rows.put(code(measure.path("id").asText()) + star, meaning(measure, counts.keySet()));
        }
        table("measure", rows);
    }

    /** Returns the ids of a measure's parameters, and each with its meaning. */
    private static Map<String, String> parameters(JsonNode measure) {
        var parameters = new LinkedHashMap<String, String>();
        measure.path("parameters")
                .properties()
                .forEach(each -> parameters.put(
                        code(each.getKey()),
                        "%s: %s".formatted(code(each.getKey()), each.getValue().asText())));
        return parameters;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z -]", "").replace(' ', '-');
    }

    private static String heading(String family) {
        var words = family.replace('-', ' ');
        int capitals = words.length() < 4 ? words.length() : 1; // CKA and RSA
        return words.substring(0, capitals).toUpperCase(Locale.ROOT) + words.substring(capitals);
    }

    private static String meaning(JsonNode measure, Set<String> shared) {
        var facts = new ArrayList<String>();
        var kind = measure.path("larger_is_more_similar").asBoolean() ? "similarity" : "distance";
        var range = "%s from %s to %s"
                .formatted(
                        kind, end(measure.at("/range/0"), "minus infinity"), end(measure.at("/range/1"), "infinity"));
        if (!range.equals("similarity from 0 to 1")) {
            facts.add(range);
        }
        if (!measure.path("symmetric").asBoolean()) {
            facts.add("not symmetric");
        }
        if (measure.path("needs_equal_widths").asBoolean()) {
            facts.add("equal widths");
        }
        int inputs = measure.path("minimum_inputs").asInt();
        if (inputs != 2) {
            facts.add("at least %d input%s".formatted(inputs, inputs == 1 ? "" : "s"));
        }
        var text = new StringBuilder(measure.path("description").asText()).append('.');
        if (!facts.isEmpty()) {
            var list = String.join(", ", facts);
            text.append(' ').append(capitalised(list)).append('.');
        }
        var parameters = parameters(measure).entrySet().stream()
                .map(each -> shared.contains(each.getValue()) ? each.getKey() : each.getValue())
                .toList();
        return text.append(parameters.isEmpty() ? "" : " " + String.join("; ", parameters) + ".")
                .toString();
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String end(JsonNode end, String open) {
        return end.isNull()
                ? open
                : end.decimalValue()
                        .round(new MathContext(DIGITS))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static Map<String, String> coded(Map<String, String> rows) {
        var coded = new LinkedHashMap<String, String>();
        rows.forEach((key, meaning) -> coded.put(code(key.strip()), meaning));
        return coded;
    }

    /** Adds a table with a column for the key and one for its meaning, if there are rows. */
    private void table(String key, Map<String, String> rows) {
        if (!rows.isEmpty()) {
            line("| " + key + " | meaning |\n|---|---|");
            rows.forEach((name, meaning) -> line("| " + cell(name) + " | " + cell(escaped(meaning)) + " |"));
            line("");
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String escaped(String text) {
        return MARK.matcher(text).replaceAll(mark -> mark.group(1) != null ? "$1" : "\\\\\\" + mark.group(2));
    }
}
