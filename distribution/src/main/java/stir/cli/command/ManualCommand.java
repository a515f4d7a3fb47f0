package stir.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.cli.console.ExitCode;
import stir.cli.report.OutputFolder;
import stir.core.Stir;

/** {@code stir manual}: the help as manual pages. */
@Command(
        name = "manual",
        description = {
            "Shows the manual of a command, or writes the manual pages of all.",
            "",
            "The archive contains all pages in share/man: `man -M .../share/man stir-score`."
        },
        footer = {"", "Examples:", "  stir manual score", "  stir manual --to ~/.local/share/man/man1"})
final class ManualCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..2",
            paramLabel = "COMMAND",
            description = "Command, of `stir cluster` with its second word (default: stir itself).")
    List<String> words = List.of();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Write the pages of all commands, for `man`, into this folder.")
    Optional<Path> folder = Optional.empty();

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        if (folder.isPresent()) {
            write(root, OutputFolder.createFolder(folder.get()));
        } else {
            var shown = find(root, words);
            HelpPage.setManual(shown);
            shown.usage(spec.commandLine().getOut());
        }
        return ExitCode.DONE;
    }

    /**
     * Returns the command of some words.
     *
     * @throws UsageException if there is none
     */
    static CommandLine find(CommandLine root, List<String> words) {
        var command = root;
        for (var word : words) {
            var commands = command.getSubcommands();
            command = commands.get(word);
            if (command == null) {
                throw new UsageException(NearestNames.sentence("command", word, commands.keySet()));
            }
        }
        return command;
    }

    /** Writes the page of a command, and those of its commands. */
    private static void write(CommandLine command, Path target) {
        command.getSubcommands().values().forEach(each -> write(each, target));
        var file = command.getCommandSpec().qualifiedName("-") + ".1";
        OutputFolder.writeText(target.resolve(file), page(command));
    }

    /** Returns a command's manual as a page for {@code man}, in the macros of groff. */
    private static String page(CommandLine command) {
        HelpPage.setManual(command);
        var spec = command.getCommandSpec();
        var name = spec.qualifiedName("-");
        var about = spec.usageMessage().description()[0].replaceFirst("[.]$", "");
        var others = new ArrayList<>(List.of(spec.root()));
        spec.root().subcommands().values().forEach(child -> others.add(child.getCommandSpec()));
        return """
                .TH "%s" "1" "" "Stir %s" "Stir's manual"
                .SH "NAME"
                %s
                .SH "DESCRIPTION"
                .in 0
                .nf
                %s.fi
                .SH "SEE ALSO"
                %s
                """.formatted(
                        name.toUpperCase(Locale.ROOT),
                        Stir.version(),
                        escaped(name + " - " + about),
                        escaped(command.getUsageMessage(Ansi.OFF)),
                        others.stream()
                                .filter(other -> !other.equals(spec))
                                .map(other -> escaped(other.qualifiedName("-")) + "(1)")
                                .collect(Collectors.joining(", ")));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^(?=[.'])", "\\\\&");
    }
}
