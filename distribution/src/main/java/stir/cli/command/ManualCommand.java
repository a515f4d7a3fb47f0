package stir.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.cli.console.ExitCode;
import stir.cli.report.OutputFolder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir manual}: the help as manual pages. */
@Command(
        name = "manual",
        description = {
            "Shows the manual of a command, or writes the manual pages of all.",
            "",
            "The archive contains all pages in share/man: `man -M .../share/man stir-score`."
        },
        footer = {
            "",
            "Examples:",
            "  stir manual score",
            "  stir manual --to ~/.local/share/man/man1"
        })
final class ManualCommand implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

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
            var target = OutputFolder.createFolder(folder.get());
            write(root, target);
        } else {
            var shown = root;
            for (var word : words) {
                shown = find(shown, word);
            }
            HelpPage.setManual(shown);
            shown.usage(spec.commandLine().getOut());
        }
        return ExitCode.DONE;
    }

    /**
     * Returns the command of a name.
     *
     * @throws UsageException if there is none
     */
    static CommandLine find(CommandLine root, String name) {
        var found = root.getSubcommands().get(name);
        if (found == null) {
            throw new UsageException(
                    NearestNames.sentence("command", name, root.getSubcommands().keySet()));
        }
        return found;
    }

    /** Writes the page of a command, and those of its commands. */
    private static void write(CommandLine command, Path target) {
        command.getSubcommands().values().forEach(each -> write(each, target));
        var page = new ManualPage(command);
        OutputFolder.writeText(target.resolve(page.name() + ".1"), page.text());
    }
}
