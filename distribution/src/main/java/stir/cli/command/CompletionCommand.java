package stir.cli.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.support.Words;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Preset;
import stir.core.inversion.Seed;

/** {@code stir completion}: shell completion of commands, options, values and files. */
@Command(
        name = "completion",
        description = {
            "Prints a script that lets the shell complete commands, options, their" + " values and files.",
            "",
            "To load it in each new shell, add the line of the example to ~/.bashrc, ~/.zshrc or"
                    + " ~/.config/fish/config.fish. Measures and backends are those installed"
                    + " when the"
                    + " script is printed; layers are those of the model on the line."
        },
        footer = {
            "",
            "Examples:",
            "  source <(stir completion bash)",
            "  source <(stir completion zsh)",
            "  stir completion fish | source"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells, by their names on the command line. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.bash;

    @Override
    public Integer call() {
        var script = new CompletionScript(spec.root().commandLine(), values());
        var out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    case bash -> script.bash();
                    case zsh ->
                        "autoload -U +X compinit && compinit\n"
                                + "autoload -U +X bashcompinit && bashcompinit\n"
                                + script.bash();
                    case fish -> script.fish();
                });
        out.flush();
        return ExitCode.DONE;
    }

    /** Returns the values that the parsers accept, by options whose types do not state them. */
    private Map<String, List<String>> values() {
        var extensions = Console.of(spec.commandLine()).load(spec.commandLine()).extensions();
        var values = new HashMap<String, List<String>>();
        values.put("measure", List.copyOf(extensions.measures().keySet()));
        values.put("backend", List.copyOf(extensions.backends().keySet()));
        values.put("preset", Words.of(Preset.class));
        values.put("optimizer", Words.of(Optimizer.class));
        values.put("seed", Seed.KINDS);
        values.put("norm", List.of("2", "inf"));
        values.put("device", List.of("cpu", "cuda"));
        return values;
    }
}
