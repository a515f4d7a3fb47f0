package stir.cli.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.TypeConversionException;
import stir.api.Device;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.cli.console.Console;
import stir.cli.console.FailureReport;
import stir.cli.console.StopRequest;
import stir.cli.console.TimeLimit;
import stir.cli.option.CpuIsa;
import stir.core.Stir;
import stir.core.inputs.Interpolation;
import stir.core.inputs.RangeChoice;
import stir.core.inversion.Optimizer;
import stir.core.network.Normalisation;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Protocol;
import stir.core.study.plan.Shard;

/**
 * The set-up of the parser that all programs with Stir's options share: the layout of the help, the
 * conversion of values and the reports of failures.
 */
public final class FrontEnd {
    /** The limits of the width of the help, in characters; wider lines are hard to read. */
    private static final int NARROWEST_HELP = 60;

    private static final int WIDEST_HELP = 80;

    private FrontEnd() {}

    /** The version, read only on request. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"stir " + Stir.version()};
        }
    }

    /**
     * Configures a command and its subcommands.
     *
     * @param interrupted whether the user has asked to stop
     * @return the same command
     */
    public static CommandLine of(CommandLine root, BooleanSupplier interrupted) {
        var request = Optional.of(StopRequest.INTERRUPT);
        return of(root, () -> request.filter(any -> interrupted.getAsBoolean()), Console.USUAL_COLUMNS);
    }

    /**
     * Configures a command and its subcommands for a terminal.
     *
     * @param stopped the request to stop, if there is one
     * @param columns the number of characters per line
     */
    static CommandLine of(CommandLine root, Supplier<Optional<StopRequest>> stopped, int columns) {
        int width = Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, columns));
        setHelp(root, width);
        registerConverters(root);
        var failures = new FailureReport(stopped);
        return root.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    }

    private static void setHelp(CommandLine command, int width) {
        HelpPage.set(command, width);
        command.getSubcommands().values().forEach(child -> setHelp(child, width));
    }

    /** The logger of plug-ins' failures, which only a command that shows them pays for. */
    private static final class Failures {
        static final Logger OF_PLUGINS = Logger.getLogger("stir.core.extension.load");
    }

    /**
     * Runs the command that the arguments name. An {@link Error} is reported in one sentence, as
     * exceptions are.
     *
     * @return the exit code
     */
    public static int execute(CommandLine root, String... arguments) {
        boolean trace = FailureReport.asksForTraces(List.of(arguments));
        if (trace) {
            Failures.OF_PLUGINS.setLevel(Level.FINE);
        }
        try {
            return root.execute(arguments);
        } catch (Error failure) {
            return ((FailureReport) root.getExecutionExceptionHandler()).handle(failure, root, trace);
        }
    }

    private static void registerConverters(CommandLine root) {
        register(root, CpuIsa.class, text -> Words.parse(CpuIsa.class, "instruction set", text));
        register(root, Device.class, Device::parse);
        register(root, Path.class, FrontEnd::path);
        register(root, Layout.class, text -> word(Layout.class, "layout", text));
        register(root, Interpolation.class, text -> word(Interpolation.class, "interpolation", text));
        register(root, Normalisation.class, text -> word(Normalisation.class, "normalisation", text));
        register(root, Protocol.class, Protocol::parse);
        register(root, RangeChoice.class, RangeChoice::parse);
        register(root, RepresentationReduction.class, RepresentationReduction::parse);
        register(root, Optimizer.class, text -> Words.parse(Optimizer.class, "optimizer", text));
        register(root, Shape.class, Shape::parse);
        register(root, Shard.class, Shard::parse);
        register(root, TimeLimit.class, TimeLimit::parse);
    }

    private static <T> void register(CommandLine root, Class<T> type, Function<String, T> parse) {
        root.registerConverter(type, text -> {
            try {
                return parse.apply(text);
            } catch (UsageException e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException(
                    "'%s' can't be the name of a file or folder (%s)".formatted(text, e.getReason()), e);
        }
    }

    private static <E extends Enum<E>> E word(Class<E> type, String kind, String text) {
        return Words.parse(type, kind, text.toLowerCase(Locale.ROOT));
    }
}
