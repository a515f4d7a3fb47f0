package stir.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.cli.console.ExitCode;

/** {@code stir help}: the help of a command, also with all options. */
@Command(
        name = "help",
        description = "Prints the help of a command.",
        footer = {"", "Examples:", "  stir help", "  stir help score --all"})
final class HelpCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..2",
            paramLabel = "COMMAND",
            description = "Command, of `stir cluster` with its second word (default: stir itself).")
    List<String> words = List.of();

    @Option(names = "--all", description = "Explain all options; --help explains only the everyday options.")
    boolean all;

    @Override
    public Integer call() {
        var explained = ManualCommand.find(spec.root().commandLine(), words);
        if (all) {
            HelpPage.setFull(explained);
        }
        explained.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
