package stir.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import stir.cli.console.ExitCode;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir help}: the text that {@code --help} of a command prints. */
@Command(
        name = "help",
        description = "Prints the help of a command.",
        footer = {"", "Examples:", "  stir help", "  stir help score"})
final class HelpCommand implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "Command (default: stir itself).")
    Optional<String> command = Optional.empty();

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        var explained = command.map(name -> ManualCommand.find(root, name)).orElse(root);
        explained.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
