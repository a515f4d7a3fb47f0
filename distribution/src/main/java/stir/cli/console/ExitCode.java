package stir.cli.console;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the process ends. */
public final class ExitCode {
    /** All was done. */
    public static final int DONE = 0;

    /** What was named can't be used, the machine, a library or Stir failed, or time was over. */
    public static final int FAILED = 1;

    /** The request must change: nothing was computed. */
    public static final int USAGE = 2;

    /** Some units of a shard's work can't be done, wherever they are tried again. */
    public static final int UNITS_FAILED = 3;

    /** The user stopped it: 128 and the number of the signal that Ctrl-C sends. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /** The codes and their meaning, for the help. */
    public static Map<String, String> explained() {
        var codes = new LinkedHashMap<String, String>();
        codes.put(" " + DONE, "done");
        codes.put(
                " " + FAILED,
                "failed: what is named is there but can't be used (a damaged file, values out of range), a library or the machine fails, or the time of --timeout is over");
        codes.put(
                " " + USAGE,
                "wrong usage: the command line or the experiment's file must change (an unknown option or name, a path where nothing is or no model, a setting out of range)");
        codes.put(
                " " + UNITS_FAILED,
                "of a shard: some of its work can't be done, on whatever machine; the rest is done");
        codes.put(" " + INTERRUPTED, "interrupted with Ctrl-C");
        return codes;
    }
}
