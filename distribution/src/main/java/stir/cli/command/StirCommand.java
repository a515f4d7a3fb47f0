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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** {@code stir} and the tree of its commands. */
@Command(
        name = "stir",
        versionProvider = FrontEnd.Version.class,
        description = {
            "Measures shared invariances between neural networks.",
            "",
            "STIR(t | m) measures how many of the invariances of the reference m the target t"
                    + " shares: a search finds inputs X' that m represents as it represents X,"
                    + " and a"
                    + " similarity measure compares t(X) with t(X'). The value is 1 if t shares"
                    + " all of m's"
                    + " invariances, and is not symmetric."
        },
        footer = {
            "",
            "Examples:",
            "  stir demo                               two pairs of small networks, a minute",
            "  stir score a.pt b.pt --inputs images/   two networks in both directions",
            "  stir matrix study.yaml                  many models and layers, resumable",
            "  stir represent a.pt --inputs x.npy --out a.npy",
            "  stir layers a.pt                        the layers of a network",
            "  stir check a.onnx --against a.pt        a check of an export",
            "  stir help score --all                   all options of a command"
        })
public final class StirCommand implements Messages.CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 101,
            description = "Show the version.")
    boolean version;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            order = 102,
            description = "Print only errors on standard error: no progress, no warnings.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Report the steps on standard error, with times and memory.")
    private boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Show the stack trace of a failure, as STIR_DEBUG=1 does.")
    boolean debug;

    private final boolean isStructured;

    private StirCommand(boolean isStructured) {
        this.isStructured = isStructured;
    }

    @Override
    public boolean isStructured() {
        return isStructured;
    }

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 105,
            description = "Further folder of plug-ins, as in STIR_PLUGINS. Repeatable.")
    private List<Path> plugins = List.of();

    @Override
    public List<Path> plugins() {
        return plugins;
    }

    @Override
    public boolean quiet() {
        return quiet;
    }

    @Override
    public boolean verbose() {
        return verbose;
    }

    /**
     * Returns the parser of all commands.
     *
     * @param console their environment
     * @param interruption the interruption of the thread that runs a command
     */
    public static CommandLine commandLine(Console console, Interruption interruption) {
        return commandLine(console, interruption, "");
    }

    /**
     * Returns the parser of a command line. It has the command that comes first alone, or all of
     * them if another word comes first: setting up all takes a third of the time of a short one.
     *
     * @param console the environment of commands
     * @param interruption the interruption of the thread that runs a command
     * @param first the first word
     */
    public static CommandLine commandLine(
            Console console, Interruption interruption, String first) {
        var commands = new LinkedHashMap<String, Supplier<Object>>();
        commands.put("demo", () -> new DemoCommand(console));
        commands.put("score", () -> new ScoreCommand(console));
        commands.put("matrix", () -> new MatrixCommand(console));
        commands.put("report", ReportCommand::new);
        commands.put("invert", () -> new InvertCommand(console));
        commands.put("similarity", () -> new SimilarityCommand(console));
        commands.put("represent", () -> new RepresentCommand(console));
        commands.put("layers", () -> new LayersCommand(console));
        commands.put("check", () -> new CheckCommand(console));
        commands.put("backends", () -> new BackendsCommand(console));
        commands.put("measures", () -> new MeasuresCommand(console));
        commands.put("plugins", () -> new PluginsCommand(console));
        boolean isAlone = commands.containsKey(first);
        commands.put("options", OptionsCommand::new);
        commands.put("completion", () -> new CompletionCommand(console));
        commands.put("help", HelpCommand::new);
        commands.put("manual", ManualCommand::new);
        var root = new CommandLine(new StirCommand(console.isStructured()));
        commands.forEach(
                (name, command) -> {
                    if (!isAlone || name.equals(first)) {
                        root.addSubcommand(new CommandLine(command.get()));
                    }
                });
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

    /** Runs a command, and reports its time and the size of the heap. */
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
