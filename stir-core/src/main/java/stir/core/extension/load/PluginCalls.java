package stir.core.extension.load;

import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.StirException;
import stir.api.UsageException;

/**
 * Calls to code from a jar. Every failure is reported as a fault of the jar, in a sentence, and the
 * facts that the code reports about itself are validated.
 */
final class PluginCalls {
    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._+-]{0,63}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String unit;
    private final String name;

    private PluginCalls(String unit, String name) {
        this.unit = unit;
        this.name = name;
    }

    /**
     * Creates calls to one jar's code.
     *
     * @param unit the jar or folder, for messages
     */
    PluginCalls(String unit) {
        this(unit, "its id");
    }

    /** Returns calls to one object of the jar, such as "the measure 'x'". */
    PluginCalls to(String kind, String id) {
        return new PluginCalls(unit, "the %s '%s'".formatted(kind, id));
    }

    /** A call without a result that may throw anything. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Returns the error for a fault of the plug-in. */
    BackendException fault(String problem) {
        return new BackendException("%s %s for %s: replace or remove it.".formatted(unit, problem, name));
    }

    /**
     * Runs a call.
     *
     * @throws StirException the plug-in's own, in one line, if it intended to refuse something
     * @throws BackendException if it failed, or returned null
     */
    <T> T call(Callable<T> call) {
        T result;
        try {
            result = call.call();
        } catch (StirException e) {
            throw onOneLine(e);
        } catch (Exception | Error e) {
            System.getLogger(PluginCalls.class.getName()).log(System.Logger.Level.DEBUG, unit, e);
            throw new BackendException(
                    "%s failed in %s (%s): replace or remove it.".formatted(unit, name, reason(e)), e);
        }
        if (result == null) {
            throw fault("returned null");
        }
        return result;
    }

    /** Runs a call without a result, as {@link #call} does. */
    void run(Action action) {
        call(() -> {
            action.run();
            return this;
        });
    }

    /** Returns an id that users can type. */
    String id(Callable<String> call) {
        var id = call(call);
        if (!ID.matcher(id).matches()) {
            throw new BackendException(
                    "%s has the id '%s', but an id has only letters, digits and . _ + -: replace or remove it."
                            .formatted(unit, printable(id)));
        }
        return id;
    }

    /** Returns a line of text that can be printed. */
    String text(Callable<String> call) {
        var text = call(call);
        if (CONTROL.matcher(text).find()) {
            throw fault("returned control characters in the description");
        }
        return text;
    }

    /** Returns a refusal of the plug-in whose message is a line, as every message of Stir is. */
    private static StirException onOneLine(StirException refusal) {
        var message = refusal.getMessage();
        if (!CONTROL.matcher(message).find()) {
            return refusal;
        }
        var line = printable(message.replaceAll("\\s+", " ").strip());
        var remedies = refusal.refusal().remedies().toArray(Remedy[]::new);
        if (refusal instanceof UsageException) {
            return new UsageException(line, refusal, remedies);
        }
        return refusal instanceof DataException
                ? new DataException(line, refusal, remedies)
                : new BackendException(line, refusal, remedies);
    }

    private static String printable(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** Returns the innermost cause of a failure in a few words on one line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 100; depth++) {
            cause = cause.getCause();
        }
        if (cause instanceof UnsupportedClassVersionError
                || String.valueOf(cause.getMessage()).startsWith("Unsupported major.minor version")) {
            return "it was compiled for a newer Java than " + Runtime.version().feature();
        }
        if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
            return "a jar that it needs is missing, with " + printable(String.valueOf(cause.getMessage()));
        }
        if (cause instanceof StackOverflowError) {
            return "endless recursion";
        }
        var line = cause.toString().lines().findFirst().orElse(cause.getClass().getName());
        return printable(line);
    }
}
