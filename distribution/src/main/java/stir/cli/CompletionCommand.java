package stir.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code stir completion}: lets a shell complete commands, options and files. */
@Command(
        name = "completion",
        description = {
            "Prints a script that lets the shell complete commands, options and files.",
            "",
            "Load it in each shell that starts: put the line of the example into ~/.bashrc or ~/.zshrc."
        },
        footer = {
            "",
            "Examples:",
            "  source <(stir completion bash)",
            "  source <(stir completion zsh)"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells, by their names on the command line. */
    enum Shell {
        bash,
        zsh
    }

    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell = Shell.bash;

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        // One script serves both: in zsh it switches on the functions of bash that it needs.
        var script = AutoComplete.bash(spec.root().name(), root);
        var out = spec.commandLine().getOut();
        if (shell == Shell.zsh) {
            out.println("autoload -U +X compinit && compinit");
        }
        out.print(script);
        out.flush();
        return ExitCode.DONE;
    }
}
