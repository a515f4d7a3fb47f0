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
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir manual}: the help as manual pages. */
@Command(
        name = "manual",
        description = {
            "Prints the manual page of a command.",
            "",
            "The archive contains all pages in share/man: `man -M .../share/man stir-score`."
        },
        footer = {
            "",
            "Examples:",
            "  stir manual score | man -l -",
            "  stir manual --to ~/.local/share/man/man1"
        })
final class ManualCommand implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "Command (default: stir itself).")
    Optional<String> command = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Write the pages of all commands into this folder.")
    Optional<Path> folder = Optional.empty();

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        if (folder.isPresent()) {
            var target = OutputFolder.createFolder(folder.get());
            write(root, target);
            root.getSubcommands().values().forEach(each -> write(each, target));
        } else {
            var out = spec.commandLine().getOut();
            out.print(new ManualPage(command.map(name -> find(root, name)).orElse(root)).text());
            out.flush();
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

    private static void write(CommandLine command, Path target) {
        var page = new ManualPage(command);
        OutputFolder.writeText(target.resolve(page.name() + ".1"), page.text());
    }
}
