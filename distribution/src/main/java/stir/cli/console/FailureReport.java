package stir.cli.console;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.StirException;
import stir.api.UsageException;
import stir.api.support.NearestNames;

/**
 * A handler that reports each failure in one sentence on standard error and chooses the exit code.
 *
 * @param stopped the request to stop, if there is one; it is reported in place of the failures that
 *     it causes
 */
public record FailureReport(Supplier<Optional<StopRequest>> stopped)
        implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** Options of other programs, and the ones that do the same here. */
    private static final Map<String, String> OF_OTHER_PROGRAMS = Map.ofEntries(
            Map.entry("--epochs", "--iterations"),
            Map.entry("--steps", "--iterations"),
            Map.entry("--max-iter", "--iterations"),
            Map.entry("--data", "--inputs"),
            Map.entry("--dataset", "--inputs"),
            Map.entry("--images", "--inputs"),
            Map.entry("--samples", "--limit"),
            Map.entry("--output", "--out"),
            Map.entry("--metric", "--measure"),
            Map.entry("--gpu", "--device"),
            Map.entry("--cuda", "--device"),
            Map.entry("--lr", "--step"));

    /** Options of {@code stir cluster}, which divides a score or a study. */
    private static final Set<String> OF_CLUSTER =
            Set.of("--slurm", "--kubernetes", "--stage", "--shard", "--finish", "--allow-mixed-machines");

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parseResult) {
        return handle(failure, command, asksForTraces(parseResult.expandedArgs()));
    }

    /** Returns whether stack traces are asked for. */
    public static boolean asksForTraces(Collection<String> arguments) {
        return arguments.contains("--debug") || "1".equals(System.getenv("STIR_DEBUG"));
    }

    /**
     * Reports an exception or an error, and returns the exit code.
     *
     * @param trace whether the stack trace is printed, too
     */
    public int handle(Throwable failure, CommandLine command, boolean trace) {
        var request = stopped.get();
        if (request.isPresent() || failure instanceof CancellationException) {
            var stop = request.orElse(StopRequest.INTERRUPT);
            return report(command, stop.sentence(command), stop.code());
        }
        if (trace) {
            failure.printStackTrace(command.getErr());
        }
        if (failure instanceof StirException expected) {
            return report(command, Remedies.of(command).in(expected.refusal()), code(expected));
        }
        if (failure instanceof OutOfMemoryError) {
            return report(
                    command,
                    "Out of memory (%s): use fewer inputs or smaller batches, or increase the heap (STIR_JAVA_OPTS=-Xmx8g)."
                            .formatted(failure.getMessage()),
                    ExitCode.FAILED);
        }
        if (failure instanceof InternalError error // Java's word for a page that is gone
                && String.valueOf(error.getMessage()).contains("memory access operation")) {
            return report(
                    command,
                    "A file was truncated while it was read: do not modify files while Stir runs, and run the command again.",
                    ExitCode.FAILED);
        }
        return report(
                command,
                "Internal error in Stir or a plug-in (%s): please report it%s."
                        .formatted(failure, trace ? " with the stack trace above" : "; --debug shows the stack trace"),
                ExitCode.FAILED);
    }

    private static int code(StirException failure) {
        if (failure instanceof UsageException) {
            return ExitCode.USAGE;
        }
        assert failure instanceof DataException || failure instanceof BackendException;
        return ExitCode.FAILED;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        var command = failure.getCommandLine();
        if (arguments.length == 0 && !command.getSubcommands().isEmpty()) {
            command.usage(command.getErr());
            return ExitCode.USAGE;
        }
        var spec = command.getCommandSpec();
        var name = spec.qualifiedName();
        var all = wishForAll(failure);
        if (all.isPresent()) {
            var root = spec.root().name();
            return report(
                    command,
                    "%s: `%s help%s --all` explains all options."
                            .formatted(all.get(), root, name.substring(root.length())),
                    ExitCode.USAGE);
        }
        return report(
                command,
                "%s (`%s --help` explains).".formatted(withoutStop(sentence(failure, arguments)), name),
                ExitCode.USAGE);
    }

    /** Returns what is wrong with arguments that ask for the help of all options. */
    private static Optional<String> wishForAll(ParameterException failure) {
        if (failure.getArgSpec() instanceof OptionSpec option && option.usageHelp()) {
            return Optional.of("The option '%s' takes no value".formatted(option.longestName()));
        }
        return unmatched(failure).stream()
                .filter("--all"::equals)
                .findFirst()
                .map("There is no option '%s'"::formatted);
    }

    private static String sentence(ParameterException failure, String... arguments) {
        var unmatched = unmatched(failure);
        if (unmatched.isEmpty()) {
            return failure.getMessage() + confused(failure, arguments);
        }
        var first = unmatched.get(0);
        var spec = failure.getCommandLine().getCommandSpec();
        if (first.startsWith("-")) {
            return unknownOption(spec, first.replaceFirst("=.*", ""));
        }
        return spec.subcommands().isEmpty()
                ? "Unexpected argument '%s'".formatted(first)
                : NearestNames.sentence("command", first, spec.subcommands().keySet());
    }

    /** Returns the option that was probably written in place of a missing one, as a clause. */
    private static String confused(ParameterException failure, String... arguments) {
        if (!(failure instanceof MissingParameterException missing)) {
            return "";
        }
        for (var argument : missing.getMissing()) {
            for (var word : arguments) {
                var given = word.replaceFirst("=.*", "");
                if (argument instanceof OptionSpec option
                        && given.startsWith("--")
                        && NearestNames.meant(given, List.of(option.longestName()))
                                .isPresent()) {
                    return "; '%s' is another option".formatted(given);
                }
            }
        }
        return "";
    }

    private static String unknownOption(CommandSpec spec, String name) {
        var known = spec.optionsMap().keySet();
        if (OF_CLUSTER.contains(name)) {
            return "There is no option '%s' outside `%s cluster`"
                    .formatted(name, spec.root().name());
        }
        var other = OF_OTHER_PROGRAMS.get(name);
        return other != null && known.contains(other)
                ? "There is no option '%s': use %s".formatted(name, other)
                : NearestNames.sentence("option", name, known);
    }

    /** Returns the unknown arguments. A missing argument may be among them under a wrong name. */
    private static List<String> unmatched(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched();
        }
        return failure instanceof MissingParameterException
                ? failure.getCommandLine().getUnmatchedArguments()
                : List.of();
    }

    private static String withoutStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static int report(CommandLine command, String sentence, int code) {
        Messages.of(command).error(sentence, code);
        return code;
    }
}
