package stir.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import stir.cli.console.EnvironmentVariable;
import stir.cli.console.ExitCode;
import stir.cli.option.NetworkOptions;
import stir.cli.option.OptionSection;
import stir.core.Stir;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command's help as a manual page, in the macros of groff's package man. */
final class ManualPage {
    private static final String EXAMPLES = "Example";

    private final CommandLine command;
    private final CommandSpec spec;
    private final StringBuilder text = new StringBuilder();

    /** Creates the page of a command. */
    ManualPage(CommandLine command) {
        this.command = command;
        this.spec = command.getCommandSpec();
    }

    /** Returns the page's name, such as {@code stir-score}. */
    String name() {
        return spec.qualifiedName("-");
    }

    /** Returns the text of the page. */
    String text() {
        text.setLength(0);
        macro(
                ".TH \"%s\" \"1\" \"\" \"Stir %s\" \"Stir's manual\""
                        .formatted(name().toUpperCase(Locale.ROOT), Stir.version()));
        var description = formatted(spec.usageMessage().description());
        section("NAME");
        line("%s - %s".formatted(name(), withoutStop(description.get(0))));
        section("SYNOPSIS");
        line(command.getHelp().synopsis(0).strip());
        section("DESCRIPTION");
        description.forEach(this::paragraph);
        if (!spec.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            spec.positionalParameters().forEach(this::argument);
        }
        section("OPTIONS");
        OptionSection.of(spec, false)
                .forEach(
                        (section, options) -> {
                            macro(".SS \"" + section.heading() + "\"");
                            options.forEach(this::option);
                        });
        commands();
        section("EXIT STATUS");
        ExitCode.explained().forEach((code, meaning) -> item(code.strip(), List.of(meaning)));
        if (spec.parent() == null) {
            section("ENVIRONMENT");
            EnvironmentVariable.explained()
                    .forEach((name, meaning) -> item(name, List.of(meaning)));
        }
        examples();
        seeAlso();
        return text.toString();
    }

    private void argument(PositionalParamSpec argument) {
        item(argument.paramLabel(), formatted(argument.description()));
    }

    private void option(OptionSpec option) {
        var both = option.longestName();
        var names =
                Stream.concat(
                                Arrays.stream(option.names()),
                                Stream.of(NetworkOptions.OF_A, NetworkOptions.OF_B)
                                        .map(both::concat)
                                        .filter(spec.optionsMap()::containsKey))
                        .collect(Collectors.joining(", "));
        boolean takesValue = option.arity().max() > 0;
        item(
                takesValue ? names + "=" + option.paramLabel() : names,
                formatted(option.description()));
    }

    private void commands() {
        if (!spec.subcommands().isEmpty()) {
            section("COMMANDS");
        }
        for (var child : spec.subcommands().entrySet()) {
            var description = child.getValue().getCommandSpec().usageMessage().description();
            item(child.getKey(), formatted(description).stream().limit(1).toList());
        }
    }

    /** Adds the footer: examples keep their lines, other text is filled. */
    private void examples() {
        var footer = formatted(spec.usageMessage().footer());
        if (footer.isEmpty()) {
            return;
        }
        section("EXAMPLES");
        for (String each : footer) {
            if (each.startsWith(" ")) {
                macro(".nf");
                line(each);
                macro(".fi");
            } else if (!each.startsWith(EXAMPLES)) {
                paragraph(each);
            }
        }
    }

    private void seeAlso() {
        var root = spec.root();
        section("SEE ALSO");
        line(
                root.subcommands().values().stream()
                        .map(child -> child.getCommandSpec().qualifiedName("-"))
                        .filter(name -> !name.equals(name()))
                        .map(name -> name + "(1)")
                        .collect(
                                Collectors.joining(
                                        ", ", spec == root ? "" : root.name() + "(1), ", "")));
    }

    private void section(String title) {
        macro(".SH \"" + title + "\"");
    }

    private void item(String term, List<String> explanation) {
        macro(".TP");
        macro("\\fB" + escaped(term) + "\\fR");
        explanation.forEach(this::line);
    }

    private void paragraph(String line) {
        if (!line.isBlank()) {
            macro(".PP");
            line(line);
        }
    }

    private void line(String line) {
        macro(escaped(line));
    }

    private void macro(String line) {
        text.append(line).append('\n');
    }

    /**
     * Returns lines as the help shows them: picocli fills in variables, {@code %%} is a percent
     * sign.
     */
    private List<String> formatted(String[] lines) {
        return Arrays.stream(lines)
                .map(line -> Ansi.OFF.string(line.replace("%%", "%").replace("%n", "\n")))
                .toList();
    }

    private static String escaped(String line) {
        var escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
