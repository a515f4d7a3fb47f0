package stir.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import stir.cli.console.EnvironmentVariable;
import stir.cli.console.ExitCode;
import stir.cli.option.OptionSection;

import java.io.IOException;
import java.math.MathContext;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of {@code docs/reference}, made from the code. */
final class ReferencePages {
    private static final String HEAD =
            """
            # %s

            %s This page is made from the code: `ReferenceTest` writes it.

            """;

    /** What Markdown would read as a mark, outside of pieces of code. */
    private static final Pattern MARK = Pattern.compile("(`[^`]*`)|([*_<\\[\\\\])");

    /** Digits of the ends of ranges. */
    private static final int DIGITS = 4;

    /** The paragraphs of a long description that the page has. */
    private static final int PARAGRAPHS = 2;

    private final StringBuilder text = new StringBuilder();

    private ReferencePages(String title, String introduction) {
        text.append(HEAD.formatted(title, introduction));
    }

    /** Returns the texts of all pages by their names. */
    static Map<String, String> all() throws IOException {
        return Map.of(
                "commands.md", commands(),
                "environment.md", environment(),
                "measures.md", measures());
    }

    private static String commands() {
        var page =
                new ReferencePages(
                        "Commands and options",
                        "This page lists all commands, with their arguments, options and defaults."
                                + " `stir manual COMMAND` shows one of them in full.");
        var root = CommandRun.commands().getCommandSpec();
        var commands = root.subcommands().values().stream().map(each -> each.getCommandSpec());
        var specs = commands.flatMap(ReferencePages::withChildren).toList();
        page.line("## Options of every command\n");
        page.table(
                "option",
                rows(
                        OptionSection.of(specs.get(0), false)
                                .getOrDefault(OptionSection.GENERAL, List.of())));
        var shared = shared(specs.stream().filter(command -> base(command).isEmpty()).toList());
        page.line("## Shared options\n");
        page.line(
                "Several commands have these options, with the same meaning; each command lists"
                        + " its own. A command with two networks also has `--layer-a` and"
                        + " `--layer-b` for `--layer`, and so on, for one network only. Both"
                        + " spellings are accepted: `--optimizer` and `--optimiser`, `--normalise`"
                        + " and `--normalize`.\n");
        shared.forEach(
                (section, rows) -> {
                    page.line("### " + section.heading() + "\n");
                    page.table("option", rows);
                });
        specs.forEach(command -> page.command(command, shared));
        return page.text.toString();
    }

    private static Stream<CommandSpec> withChildren(CommandSpec command) {
        var children = command.subcommands().values().stream().map(each -> each.getCommandSpec());
        return Stream.concat(Stream.of(command), children.flatMap(ReferencePages::withChildren));
    }

    /**
     * Returns the options that at least two commands have with the same description, in the order
     * of the command with the most options.
     */
    private static Map<OptionSection, Map<String, String>> shared(List<CommandSpec> commands) {
        var shared = new EnumMap<OptionSection, Map<String, String>>(OptionSection.class);
        var counts = new HashMap<List<String>, Integer>();
        commands.forEach(
                command ->
                        OptionSection.of(command, false).values().stream()
                                .flatMap(options -> rows(options).entrySet().stream())
                                .forEach(row -> counts.merge(pair(row), 1, Integer::sum)));
        commands.stream()
                .sorted(Comparator.comparing(command -> -command.options().size()))
                .flatMap(command -> OptionSection.of(command, false).entrySet().stream())
                .filter(section -> section.getKey() != OptionSection.GENERAL)
                .forEach(
                        section -> {
                            var rows = new LinkedHashMap<>(rows(section.getValue()));
                            rows.entrySet().removeIf(row -> counts.getOrDefault(pair(row), 0) < 2);
                            rows.forEach(
                                    shared.computeIfAbsent(
                                                    section.getKey(), key -> new LinkedHashMap<>())
                                            ::putIfAbsent);
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

    private void command(CommandSpec command, Map<OptionSection, Map<String, String>> shared) {
        var message = command.usageMessage();
        var words = new ArrayList<>(List.of(command.qualifiedName(" ")));
        if (command.options().size() > 0) {
            words.add("[OPTIONS]");
        }
        command.positionalParameters().forEach(argument -> words.add(argument.paramLabel()));
        line("## " + command.qualifiedName(" ") + "\n");
        line("    " + String.join(" ", words) + "\n");
        beginning(command.qualifiedName(" "), message.description());
        var arguments =
                command.positionalParameters().stream()
                        .collect(
                                Collectors.toMap(
                                        argument -> code(argument.paramLabel()),
                                        ReferencePages::description,
                                        (a, b) -> a,
                                        LinkedHashMap::new));
        table("argument", arguments);
        var own = new LinkedHashMap<String, String>();
        var others = new ArrayList<String>();
        var ofBase = base(command).map(ReferencePages::allRows).orElse(Map.of()).entrySet();
        var sections = OptionSection.of(command, false);
        sections.remove(OptionSection.GENERAL);
        sections.forEach(
                (section, options) -> {
                    var rows = rows(options);
                    rows.entrySet().removeAll(ofBase);
                    var common = shared.getOrDefault(section, Map.of()).entrySet();
                    if (!common.isEmpty() && rows.entrySet().containsAll(common)) {
                        var heading = section.heading();
                        others.add("all of [%s](#%s)".formatted(heading, anchor(heading)));
                    } else {
                        rows.entrySet().stream()
                                .filter(common::contains)
                                .forEach(
                                        row -> others.add(row.getKey().replaceAll("=[^`]*`", "`")));
                    }
                    rows.entrySet().removeAll(common);
                    own.putAll(rows);
                });
        table("option", own);
        if (!others.isEmpty()) {
            line("[Shared options](#shared-options): " + String.join(", ", others) + ".\n");
        }
        lines(message.footer());
    }

    /** Adds the first paragraphs of a description; the manual has all of them. */
    private void beginning(String command, String[] description) {
        var paragraphs = Arrays.stream(description).filter(line -> !line.isBlank()).toList();
        boolean isLong = paragraphs.size() > PARAGRAPHS + 1;
        lines(
                paragraphs.stream()
                        .limit(isLong ? PARAGRAPHS : paragraphs.size())
                        .toArray(String[]::new));
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

    private static String environment() {
        var page =
                new ReferencePages(
                        "Exit codes and environment variables",
                        "This page lists the exit codes of `stir` and the environment variables"
                                + " that it reads. [CPU types](../environment.md) has the variables of"
                                + " libraries.");
        page.line("## Exit codes\n");
        page.table("code", coded(ExitCode.explained()));
        page.line("## Environment variables\n");
        page.table("variable", coded(EnvironmentVariable.explained()));
        return page.text.toString();
    }

    private static String measures() throws IOException {
        var page =
                new ReferencePages(
                        "Measures",
                        "This page lists the similarity measures, with their sources, ranges and"
                                + " parameters; `stir measures ID` explains one in full. For a"
                                + " similarity, larger means more similar. A star marks recommended"
                                + " measures. Measures need at least 2 inputs unless their row says"
                                + " otherwise.");
        var families = new LinkedHashMap<String, Map<String, String>>();
        for (var measure :
                CommandRun.of("measures", "--format", "json").document().path("measures")) {
            var id =
                    code(measure.path("id").asText())
                            + (measure.path("recommended").asBoolean() ? " \\*" : "");
            families.computeIfAbsent(
                            measure.path("family").asText(), family -> new LinkedHashMap<>())
                    .put(id, meaning(measure));
        }
        families.forEach(
                (family, rows) -> {
                    page.line("## " + heading(family) + "\n");
                    page.table("measure", rows);
                });
        return page.text.toString();
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z -]", "").replace(' ', '-');
    }

    private static String heading(String family) {
        var words = family.replace('-', ' ');
        int capitals = words.length() < 4 ? words.length() : 1; // CKA and RSA
        return words.substring(0, capitals).toUpperCase(Locale.ROOT) + words.substring(capitals);
    }

    private static String meaning(JsonNode measure) {
        var kind = measure.path("larger_is_more_similar").asBoolean() ? "Similarity" : "Distance";
        var text =
                new StringBuilder(
                        "%s. %s from %s to %s"
                                .formatted(
                                        measure.path("description").asText(),
                                        kind,
                                        end(measure.at("/range/0"), "minus infinity"),
                                        end(measure.at("/range/1"), "infinity")));
        text.append(measure.path("symmetric").asBoolean() ? "" : ", not symmetric")
                .append(measure.path("needs_equal_widths").asBoolean() ? ", equal widths" : "")
                .append(inputs(measure.path("minimum_inputs").asInt()))
                .append('.');
        for (var each : measure.path("parameters").properties()) {
            text.append(" `%s`: %s.".formatted(each.getKey(), each.getValue().asText()));
        }
        return text.toString();
    }

    private static String inputs(int count) {
        return count == 2 ? "" : "; at least %d input%s".formatted(count, count == 1 ? "" : "s");
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
            rows.forEach(
                    (name, meaning) ->
                            line("| " + cell(name) + " | " + cell(escaped(meaning)) + " |"));
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
        return MARK.matcher(text)
                .replaceAll(mark -> mark.group(1) != null ? "$1" : "\\\\\\" + mark.group(2));
    }
}
