package stir.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import stir.cli.console.Console;
import stir.cli.console.Interruption;
import stir.cli.console.Messages;

/** {@code stir} and the tree of its commands. */
@Command(
        name = "stir",
        versionProvider = FrontEnd.Version.class,
        description = {
            "Measures how much of one neural network survives what another one ignores.",
            "",
            "STIR(t | m) measures how much of the target t's representation survives the"
                    + " changes that the reference m ignores: a search finds inputs X' that m"
                    + " represents as it represents X, and a similarity measure compares t(X) with"
                    + " t(X'). The value is 1 if all of it survives, and is not symmetric."
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

    private final Console console;

    private StirCommand(Console console) {
        this.console = console;
    }

    @Override
    public Console console() {
        return console;
    }

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 105,
            description = "Additional plug-in folder, as in STIR_PLUGINS. Repeatable.")
    private List<Path> plugins = List.of();

    @Option(
            names = {"--color", "--colour"},
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            order = 106,
            description = "Show verdicts in bold and colours: auto (default: on a terminal, unless"
                    + " NO_COLOR is set), always or never.")
    private Console.Colour colour = Console.Colour.auto;

    @Override
    public Console.Colour colour() {
        return colour;
    }

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

    /** Returns a command without its options, for the list of commands. */
    private static CommandLine heading(Class<?> type) {
        var command = type.getAnnotation(Command.class);
        var spec = CommandSpec.create().name(command.name());
        spec.usageMessage().description(command.description()).hidden(command.hidden());
        return new CommandLine(spec);
    }

    /**
     * Returns the parser of a command line. It has the command that comes first alone, or all of
     * them if another word comes first: setting up all takes a third of the time of a short one.
     *
     * @param console the environment of commands
     * @param interruption the interruption of the thread that runs a command
     * @param arguments the words of the command line; none for a parser of all commands
     */
    public static CommandLine commandLine(Console console, Interruption interruption, String... arguments) {
        var commands = new LinkedHashMap<String, Class<?>>();
        commands.put("demo", DemoCommand.class);
        commands.put("score", ScoreCommand.class);
        commands.put("matrix", MatrixCommand.class);
        commands.put("verify", VerifyCommand.class);
        commands.put("report", ReportCommand.class);
        commands.put("invert", InvertCommand.class);
        commands.put("similarity", SimilarityCommand.class);
        commands.put("represent", RepresentCommand.class);
        commands.put("layers", LayersCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("backends", BackendsCommand.class);
        commands.put("measures", MeasuresCommand.class);
        commands.put("plugins", PluginsCommand.class);
        commands.put("cluster", ClusterCommand.class);
        var independent = Set.copyOf(commands.keySet()); // of other commands
        commands.put("options", OptionsCommand.class);
        commands.put("completion", CompletionCommand.class);
        commands.put("help", HelpCommand.class);
        commands.put("manual", ManualCommand.class);
        var root = new CommandLine(new StirCommand(console));
        var only = arguments.length == 1 ? arguments[0] : "";
        var first = arguments.length > 0 ? arguments[0] : "";
        if (List.of("-h", "--help").contains(only)) {
            commands.values().forEach(type -> root.addSubcommand(heading(type)));
        } else if (!List.of("-V", "--version").contains(only)) {
            boolean isAlone = independent.contains(first);
            commands.forEach((name, type) -> {
                if (!isAlone || name.equals(first)) {
                    root.addSubcommand(new CommandLine(type));
                }
            });
        }
        var plain = root.getExecutionStrategy();
        return FrontEnd.of(root, interruption::request, console.columns()).setExecutionStrategy(parsed -> {
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
                .step("done in %.1f s; Java's heap has %d MB"
                        .formatted((System.nanoTime() - begun) / 1e9, runtime.totalMemory() >> 20));
        return code;
    }
}
