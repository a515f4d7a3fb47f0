package stir.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

import stir.api.Device;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.Stir;
import stir.core.inversion.Optimizer;
import stir.core.similarity.RepresentationReduction;
import stir.core.study.plan.Shard;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** {@code stir} itself, and the tree of its commands. */
@Command(
        name = "stir",
        versionProvider = StirCommand.Version.class,
        description = {
            "Measures shared invariances between neural networks.",
            "",
            "STIR(t | m) tells how much of what the reference m ignores the target t ignores too: inputs"
                    + " X' are searched that m represents as it represents X, and a similarity measure"
                    + " compares t(X) with t(X'). It is 1 if t shares all of m's invariances, and it is"
                    + " not symmetric."
        },
        footer = {
            "",
            "Examples:",
            "  stir demo                                    two pairs of small networks, in a minute",
            "  stir score a.pt b.pt --inputs images/        both directions for two networks",
            "  stir matrix study.yaml                       many models and layers, resumable",
            "  stir layers a.pt                             where a network can be measured",
            "  stir score --help                            options, and what the values mean"
        })
final class StirCommand {
    private static final int HELP_WIDTH = 100;

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
            description = "Says nothing on standard error but errors: no progress, no warnings.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 103,
            description = "Tells the steps on standard error, with times and memory.")
    boolean verbose;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "Shows the stack trace of a failure; so does STIR_DEBUG=1.")
    boolean debug;

    /** Asks for the version only when it is wanted. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"stir " + Stir.version()};
        }
    }

    /**
     * All commands.
     *
     * @param session what surrounds them
     * @param interrupted whether the user has asked to stop
     */
    static CommandLine commandLine(Session session, BooleanSupplier interrupted) {
        var root = new CommandLine(new StirCommand());
        List<Object> commands =
                List.of(
                        new DemoCommand(session),
                        new ScoreCommand(session),
                        new MatrixCommand(session),
                        new ReportCommand(),
                        new InvertCommand(session),
                        new SimilarityCommand(session),
                        new LayersCommand(session),
                        new BackendsCommand(session),
                        new MeasuresCommand(session),
                        new CompletionCommand(),
                        new ManualCommand());
        commands.forEach(command -> root.addSubcommand(new CommandLine(command)));
        explain(root);
        root.getSubcommands().values().forEach(StirCommand::explain);
        registerConverters(root);
        var failures = new FailureReport(interrupted);
        var plain = root.getExecutionStrategy();
        return root.setExecutionStrategy(parsed -> timed(plain, parsed))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
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

    /** Runs what the arguments ask for; errors end in a sentence, as exceptions do. */
    static int execute(CommandLine root, String... arguments) {
        try {
            return root.execute(arguments);
        } catch (Error failure) {
            return ((FailureReport) root.getExecutionExceptionHandler())
                    .handle(failure, root, Arrays.asList(arguments).contains("--debug"));
        }
    }

    private static void explain(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .width(HELP_WIDTH)
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true)
                .synopsisHeading("Usage: ")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.explained());
    }

    private static void registerConverters(CommandLine root) {
        register(root, CpuIsa.class, CpuIsa::parse);
        register(root, Device.class, Device::parse);
        register(root, Layout.class, StirCommand::layout);
        register(root, RepresentationReduction.class, RepresentationReduction::parse);
        register(root, Optimizer.class, Optimizer::parse);
        register(root, Shape.class, Shape::parse);
        register(root, Shard.class, Shard::parse);
    }

    private static <T> void register(CommandLine root, Class<T> type, Function<String, T> parse) {
        root.registerConverter(
                type,
                text -> {
                    try {
                        return parse.apply(text);
                    } catch (UsageException e) {
                        throw new TypeConversionException(e.getMessage());
                    }
                });
    }

    private static Layout layout(String text) {
        return Words.parse(Layout.class, "layout", text.toLowerCase(Locale.ROOT));
    }
}
