package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.StirException;

import java.util.regex.Pattern;

/**
 * Calls of what a jar brought along. Whatever such code throws is reported as its jar's fault, in a
 * sentence; what it says about itself is looked at before it is believed.
 */
final class PluginCalls {
    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._+-]{0,63}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final String unit;

    /**
     * Calls of one jar's code.
     *
     * @param unit the jar or folder, for messages
     */
    PluginCalls(String unit) {
        this.unit = unit;
    }

    /** A call that may throw whatever it likes. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws Exception;
    }

    /** Thrown for what is the plug-in's fault. */
    BackendException fault(String what) {
        return new BackendException("%s %s: replace or remove it.".formatted(unit, what));
    }

    /**
     * Calls.
     *
     * @param what what is called, as in "the measure 'x'"
     * @throws StirException the plug-in's own, if it meant to refuse something
     * @throws BackendException if it failed, or returned null
     */
    <T> T call(String what, Call<T> call) {
        T result;
        try {
            result = call.run();
        } catch (StirException e) {
            throw e;
        } catch (Exception | LinkageError | VirtualMachineError | AssertionError e) {
            throw new BackendException(
                    "%s failed in %s (%s): replace or remove it.".formatted(unit, what, reason(e)),
                    e);
        }
        if (result == null) {
            throw fault("gives null for " + what);
        }
        return result;
    }

    /** An id as users can write it. */
    String id(Call<String> call) {
        var id = call("its id", call);
        if (!ID.matcher(id).matches()) {
            throw fault(
                    "has the id '%s', which is not of letters, digits and . _ + - alone"
                            .formatted(printable(id)));
        }
        return id;
    }

    /** A line of text that can be printed. */
    String text(String what, Call<String> call) {
        var text = call(what, call);
        if (CONTROL.matcher(text).find()) {
            throw fault("has control characters in " + what);
        }
        return text;
    }

    private static String printable(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** A failure's innermost cause in a few words that fit a line. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 100; depth++) {
            cause = cause.getCause();
        }
        if (cause instanceof UnsupportedClassVersionError
                || String.valueOf(cause.getMessage())
                        .startsWith("Unsupported major.minor version")) {
            return "it was compiled for a newer Java than " + Runtime.version().feature();
        }
        if (cause instanceof StackOverflowError) {
            return "endless recursion";
        }
        var line = cause.toString().lines().findFirst().orElse(cause.getClass().getName());
        return printable(line);
    }
}
