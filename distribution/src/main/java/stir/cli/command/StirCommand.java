package stir.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

import stir.cli.console.Console;
import stir.cli.console.Interruption;
import stir.cli.console.Messages;

import java.util.List;

/** {@code stir} itself, and the tree of its commands. */
@Command(
        name = "stir",
        versionProvider = FrontEnd.Version.class,
        description = {
            "Measures shared invariances between neural networks.",
            "",
            "STIR(t | m) says how much of what the reference m ignores the target t ignores too: inputs"
                    + " X' are searched that m represents as it represents X, and a similarity measure"
                    + " compares t(X) with t(X'). It is 1 if t shares all of m's invariances, and it is"
                    + " not symmetric."
        },
        footer = {
            "",
            "Examples:",
            "  stir demo                               two pairs of small networks, a minute",
            "  stir score a.pt b.pt --inputs images/   two networks in both directions",
            "  stir matrix study.yaml                  many models and layers, resumable",
            "  stir represent a.pt --inputs x.npy --out a.npy",
            "  stir layers a.pt                        where a network can be measured",
            "  stir check a.onnx --against a.pt        whether it was exported well",
            "  stir help score                         options, and what the values mean"
        })
public final class StirCommand implements Messages.Verbosity {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Explains the command.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 101,
            description = "Shows the version.")
    boolean version;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            order = 102,
            description =
                    "Prints nothing on standard error except errors: no progress, no warnings.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Reports the steps on standard error, with times and memory.")
    private boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Shows the stack trace of a failure; so does STIR_DEBUG=1.")
    boolean debug;

    @Override
    public boolean quiet() {
        return quiet;
    }

    @Override
    public boolean verbose() {
        return verbose;
    }

    /**
     * All commands.
     *
     * @param console what surrounds them
     * @param interruption of the thread that runs one
     */
    public static CommandLine commandLine(Console console, Interruption interruption) {
        var root = new CommandLine(new StirCommand());
        List<Object> commands =
                List.of(
                        new DemoCommand(console),
                        new ScoreCommand(console),
                        new MatrixCommand(console),
                        new ReportCommand(),
                        new InvertCommand(console),
                        new SimilarityCommand(console),
                        new RepresentCommand(console),
                        new LayersCommand(console),
                        new CheckCommand(console),
                        new BackendsCommand(console),
                        new MeasuresCommand(console),
                        new CompletionCommand(console),
                        new HelpCommand(),
                        new ManualCommand());
        commands.forEach(command -> root.addSubcommand(new CommandLine(command)));
        var plain = root.getExecutionStrategy();
        return FrontEnd.of(root, interruption::request, console.columns())
                .setExecutionStrategy(
                        parsed -> {
                            interruption.begun(innermost(parsed));
                            return timed(plain, parsed);
                        });
    }

    private static CommandLine innermost(ParseResult parsed) {
        return parsed.hasSubcommand()
                ? innermost(parsed.subcommand())
                : parsed.commandSpec().commandLine();
    }

    /** Runs a command, and tells how long it took and how much memory Java used. */
    private static int timed(IExecutionStrategy plain, ParseResult parsed) {
        long begun = System.nanoTime();
        int code = plain.execute(parsed);
        var runtime = Runtime.getRuntime();
        Messages.of(parsed.commandSpec().commandLine())
                .detail(
                        "done in %.1f s; Java's heap has %d MB"
                                .formatted(
                                        (System.nanoTime() - begun) / 1e9,
                                        runtime.totalMemory() >> 20));
        return code;
    }
}
