package stir.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

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
final class StirCommand {
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
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Reports the steps on standard error, with times and memory.")
    boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Shows the stack trace of a failure; so does STIR_DEBUG=1.")
    boolean debug;

    /**
     * All commands.
     *
     * @param session what surrounds them
     * @param interruption of the thread that runs one
     */
    static CommandLine commandLine(Session session, Interruption interruption) {
        var root = new CommandLine(new StirCommand());
        List<Object> commands =
                List.of(
                        new DemoCommand(session),
                        new ScoreCommand(session),
                        new MatrixCommand(session),
                        new ReportCommand(),
                        new InvertCommand(session),
                        new SimilarityCommand(session),
                        new RepresentCommand(session),
                        new LayersCommand(session),
                        new CheckCommand(session),
                        new BackendsCommand(session),
                        new MeasuresCommand(session),
                        new CompletionCommand(session),
                        new HelpCommand(),
                        new ManualCommand());
        commands.forEach(command -> root.addSubcommand(new CommandLine(command)));
        var plain = root.getExecutionStrategy();
        return FrontEnd.of(root, interruption::request, session.columns())
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
                .tell(
                        "done in %.1f s; Java's heap has %d MB"
                                .formatted(
                                        (System.nanoTime() - begun) / 1e9,
                                        runtime.totalMemory() >> 20));
        return code;
    }
}
