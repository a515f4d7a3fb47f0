package stir.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import stir.cli.console.ExitCode;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code stir help}: the help of a command, also with all options. */
@Command(
        name = "help",
        description = "Prints the help of a command.",
        footer = {"", "Examples:", "  stir help", "  stir help score --all"})
final class HelpCommand implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "Command (default: stir itself).")
    Optional<String> command = Optional.empty();

    @Option(
            names = "--all",
            description = "Explain all options; --help explains only the everyday options.")
    boolean all;

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        var explained = command.map(name -> ManualCommand.find(root, name)).orElse(root);
        if (all) {
            HelpPage.setFull(explained);
        }
        explained.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
