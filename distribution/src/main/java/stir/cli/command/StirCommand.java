package stir.cli.command;

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

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
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

    /** A command, and what makes it. */
    private record Entry(Class<?> type, Supplier<Object> maker) {
        /** Returns the command without its options, for the list of commands. */
        CommandLine heading() {
            var command = type.getAnnotation(Command.class);
            var spec = CommandSpec.create().name(command.name());
            spec.usageMessage().description(command.description()).hidden(command.hidden());
            return new CommandLine(spec);
        }
    }

    /**
     * Returns the parser of a command line. It has the command that comes first alone, or all of
     * them if another word comes first: setting up all takes a third of the time of a short one.
     *
     * @param console the environment of commands
     * @param interruption the interruption of the thread that runs a command
     * @param arguments the words of the command line; none for a parser of all commands
     */
    public static CommandLine commandLine(
            Console console, Interruption interruption, String... arguments) {
        var commands = new LinkedHashMap<String, Entry>();
        commands.put("demo", new Entry(DemoCommand.class, () -> new DemoCommand(console)));
        commands.put("score", new Entry(ScoreCommand.class, () -> new ScoreCommand(console)));
        commands.put("matrix", new Entry(MatrixCommand.class, () -> new MatrixCommand(console)));
        commands.put("report", new Entry(ReportCommand.class, ReportCommand::new));
        commands.put("invert", new Entry(InvertCommand.class, () -> new InvertCommand(console)));
        commands.put(
                "similarity",
                new Entry(SimilarityCommand.class, () -> new SimilarityCommand(console)));
        commands.put(
                "represent",
                new Entry(RepresentCommand.class, () -> new RepresentCommand(console)));
        commands.put("layers", new Entry(LayersCommand.class, () -> new LayersCommand(console)));
        commands.put("check", new Entry(CheckCommand.class, () -> new CheckCommand(console)));
        commands.put(
                "backends", new Entry(BackendsCommand.class, () -> new BackendsCommand(console)));
        commands.put(
                "measures", new Entry(MeasuresCommand.class, () -> new MeasuresCommand(console)));
        commands.put("plugins", new Entry(PluginsCommand.class, () -> new PluginsCommand(console)));
        var independent = Set.copyOf(commands.keySet()); // of other commands
        commands.put("options", new Entry(OptionsCommand.class, OptionsCommand::new));
        commands.put(
                "completion",
                new Entry(CompletionCommand.class, () -> new CompletionCommand(console)));
        commands.put("help", new Entry(HelpCommand.class, HelpCommand::new));
        commands.put("manual", new Entry(ManualCommand.class, ManualCommand::new));
        var root = new CommandLine(new StirCommand(console.isStructured()));
        var only = arguments.length == 1 ? arguments[0] : "";
        var first = arguments.length > 0 ? arguments[0] : "";
        if (List.of("-h", "--help").contains(only)) {
            commands.values().forEach(entry -> root.addSubcommand(entry.heading()));
        } else if (!List.of("-V", "--version").contains(only)) {
            boolean isAlone = independent.contains(first);
            commands.forEach(
                    (name, entry) -> {
                        if (!isAlone || name.equals(first)) {
                            root.addSubcommand(new CommandLine(entry.maker().get()));
                        }
                    });
        }
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
