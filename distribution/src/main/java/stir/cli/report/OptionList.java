package stir.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import stir.api.support.Words;
import stir.core.Stir;
import stir.core.io.files.Table;

/** The table of the options of commands. */
public final class OptionList implements Report {
    private final List<Command> commands;

    /** Creates the table of these commands, in their order. */
    public OptionList(Collection<CommandSpec> commands) {
        this.commands = commands.stream().map(Command::of).toList();
    }

    private record Document(String schema, String version, List<Command> commands) {}

    private record Command(String name, String description, List<Argument> arguments, List<Option> options) {
        static Command of(CommandSpec spec) {
            return new Command(
                    spec.name(),
                    Arrays.stream(spec.usageMessage().description()).findFirst().orElse(""),
                    spec.positionalParameters().stream().map(Argument::of).toList(),
                    spec.options().stream().map(Option::of).toList());
        }
    }

    /**
     * A value without a name.
     *
     * @param isRepeatable whether there may be several
     */
    private record Argument(String label, boolean isRequired, boolean isRepeatable, String description) {
        static Argument of(PositionalParamSpec argument) {
            return new Argument(
                    argument.paramLabel(), argument.arity().min() > 0, argument.isMultiValue(), text(argument));
        }
    }

    /**
     * An option.
     *
     * @param names all spellings, the longest first
     * @param value the label of its value; empty for a flag
     * @param isNegatable whether {@code --no-NAME} exists
     * @param isRepeatable whether it may be given several times
     * @param separator the text between several values in one word; empty if there is one value
     * @param choices the words that are allowed, if they are few
     */
    private record Option(
            List<String> names,
            Optional<String> value,
            boolean isRequired,
            boolean isNegatable,
            boolean isRepeatable,
            Optional<String> separator,
            List<String> choices,
            String description) {
        static Option of(OptionSpec option) {
            boolean isFlag = option.arity().max() == 0;
            return new Option(
                    Arrays.stream(option.names())
                            .sorted(Comparator.comparingInt(String::length).reversed())
                            .toList(),
                    isFlag ? Optional.empty() : Optional.of(option.paramLabel()),
                    option.required(),
                    option.negatable(),
                    option.isMultiValue(),
                    Optional.of(option.splitRegex()).filter(regex -> !regex.isEmpty()),
                    allowed(option),
                    text(option));
        }
    }

    /** Returns the words that are allowed as values of an option, if they are few. */
    public static List<String> allowed(OptionSpec option) {
        return Stream.concat(Stream.of(option.type()), Arrays.stream(option.auxiliaryTypes()))
                .filter(Class::isEnum)
                .distinct()
                .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                .map(constant -> Words.of((Enum<?>) constant))
                .toList();
    }

    private static String text(ArgSpec argument) {
        return String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()))
                .replace("%%", "%");
    }

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document("stir-options/2", Stir.version(), commands));
    }

    private record CommandOption(String command, Option option) {}

    @Override
    public Table<?> table() {
        var rows = new ArrayList<CommandOption>();
        for (var command : commands) {
            command.options().forEach(option -> rows.add(new CommandOption(command.name(), option)));
        }
        return new Table<>(rows)
                .column("command", CommandOption::command)
                .column("option", row -> String.join(" ", row.option().names()))
                .column("value", row -> row.option().value().orElse(""))
                .column("repeatable", row -> row.option().isRepeatable())
                .column("description", row -> row.option().description());
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var command : commands) {
            text.append(command.name()).append('\n');
            for (var option : command.options()) {
                text.append("  ")
                        .append(String.join(", ", option.names()))
                        .append(option.value().map("="::concat).orElse(""))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
