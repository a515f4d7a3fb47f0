package stir.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import stir.cli.console.EnvironmentVariable;
import stir.cli.console.ExitCode;
import stir.cli.option.NetworkOptions;
import stir.cli.option.OptionSection;
import stir.cli.report.Paragraph;

/**
 * The layout of a command's help: its options in sections. Where a command has many, the help
 * explains the everyday ones and names the others; the full help explains all. The manual has the
 * whole description of the command besides, which would stand between a reader and the options.
 */
final class HelpPage {
    /** The most options of a command that all are explained. */
    private static final int FEW = 20;

    /** The elements of a description that a short help shows: the title and a paragraph. */
    private static final int SHORT_DESCRIPTION = 3;

    /** The most elements of a description that every help shows. */
    private static final int FEW_LINES = 5;

    private static final String ENVIRONMENT = "environment";
    private static final String MORE = "more";

    private final CommandLine command;
    private final int width;
    private final boolean full;
    private final boolean isManual;

    private HelpPage(CommandLine command, int width, boolean full, boolean isManual) {
        this.command = command;
        this.width = width;
        this.isManual = isManual;
        this.full = full || OptionSection.count(command.getCommandSpec()) <= FEW;
    }

    /**
     * Sets the layout of a command's help.
     *
     * @param width the number of characters per line
     */
    static void set(CommandLine command, int width) {
        new HelpPage(command, width, false, false).set();
    }

    /** Sets the layout in which all options of a command are explained. */
    static void setFull(CommandLine command) {
        new HelpPage(command, command.getUsageHelpWidth(), true, false).set();
    }

    /** Sets the layout of a command's manual. */
    static void setManual(CommandLine command) {
        new HelpPage(command, command.getUsageHelpWidth(), true, true).set();
    }

    private void set() {
        var message = command.getCommandSpec().usageMessage();
        message.width(width)
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true)
                .synopsisHeading("Usage: ")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("")
                .commandListHeading("%nCommands:%n");
        if (full) {
            message.exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.explained());
        }
        var sections = message.sectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::options);
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, this::parameters);
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> description());
        sections.put(ENVIRONMENT, this::environment);
        sections.put(MORE, help -> more());
        message.sectionMap(sections);
        var keys = new ArrayList<>(message.sectionKeys());
        keys.removeAll(List.of(ENVIRONMENT, MORE));
        keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), ENVIRONMENT);
        keys.add(MORE);
        message.sectionKeys(keys);
    }

    private String description() {
        var lines = command.getCommandSpec().usageMessage().description();
        return wrapped(lines, width)
                .limit(isManual || lines.length <= FEW_LINES ? lines.length : SHORT_DESCRIPTION)
                .map(text -> text.replace("%%", "%"))
                .collect(Collectors.joining());
    }

    /**
     * Returns texts in lines of a width, with line ends: picocli would divide words such as {@code
     * light-noise[:DEVIATION]}.
     */
    private static Stream<String> wrapped(String[] texts, int width) {
        return Arrays.stream(texts).map(text -> Paragraph.hanging("", text, width));
    }

    /** Returns a description whose lines fit into the column of descriptions. */
    private static String[] inColumn(Help help, String[] description) {
        var columns = help.createDefaultLayout().textTable().columns();
        var last = columns[columns.length - 1];
        return wrapped(description, last.width - last.indent)
                .flatMap(String::lines)
                .toArray(String[]::new);
    }

    private String parameters(Help help) {
        return help.parameterList(command.getCommandSpec().positionalParameters().stream()
                .map(one -> PositionalParamSpec.builder(one)
                        .description(inColumn(help, one.description()))
                        .build())
                .toList());
    }

    private String options(Help help) {
        var text = new StringBuilder();
        var spec = command.getCommandSpec();
        var sections = OptionSection.of(spec, OptionSection.count(spec) > FEW);
        boolean naming = false;
        for (var section : sections.entrySet()) {
            if (full || section.getKey() == OptionSection.EVERYDAY) {
                var heading = section.getKey().heading() + remark(section.getValue());
                text.append('\n').append(Paragraph.hanging("", heading + ":", width));
                text.append(help.optionListExcludingGroups(shown(help, section.getValue())));
            } else {
                if (!naming) {
                    text.append("\nMore options:\n");
                    naming = true;
                }
                var names =
                        section.getValue().stream().map(OptionSpec::longestName).collect(Collectors.joining(", "));
                var heading = section.getKey().heading() + remark(section.getValue());
                var line = heading + ": " + names;
                text.append(
                        Paragraph.hanging("  ", line, width - 2).stripTrailing().replace("\n", "\n  "));
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** Returns the remark on options that exist once for each of two networks, too. */
    private String remark(List<OptionSpec> options) {
        var names = command.getCommandSpec().optionsMap().keySet();
        return options.stream()
                .map(OptionSpec::longestName)
                .filter(name -> names.contains(name + NetworkOptions.OF_A))
                .findFirst()
                .map(" (%1$s-a and %1$s-b are for one network)"::formatted)
                .orElse("");
    }

    private static List<OptionSpec> shown(Help help, List<OptionSpec> options) {
        return options.stream().map(option -> shown(help, option)).toList();
    }

    private static OptionSpec shown(Help help, OptionSpec option) {
        // The copy belongs to no command, so that picocli cannot write its negated form.
        var prefix = option.negatable() ? "--[no-]" : "--";
        return OptionSpec.builder(option)
                .names(OptionSection.shownNames(option).stream()
                        .map(name -> name.replaceFirst("^--", prefix))
                        .toArray(String[]::new))
                .negatable(false)
                .description(inColumn(help, option.description()))
                .build();
    }

    private String environment(Help help) {
        if (command.getCommandSpec().parent() != null) {
            return "";
        }
        var variables = EnvironmentVariable.explained();
        int longest = variables.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder("\nEnvironment:\n");
        for (var one : variables.entrySet()) {
            var head = "  " + one.getKey() + " ".repeat(longest - one.getKey().length() + 2);
            text.append(Paragraph.hanging(head, one.getValue(), width));
        }
        return text.toString();
    }

    private String more() {
        var spec = command.getCommandSpec();
        var name = spec.qualifiedName().substring(spec.root().name().length()).strip();
        if (isManual) {
            return "";
        }
        boolean isShort = spec.usageMessage().description().length > FEW_LINES;
        return full
                ? isShort ? "%nMore about the command: stir manual %s%n".formatted(name) : ""
                : "%nAll options: stir help %s --all, or man stir-%s%n".formatted(name, name.replace(' ', '-'));
    }
}
