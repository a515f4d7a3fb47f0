package stir.cli.console;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of the process. */
public final class ExitCode {
    /** Success. */
    public static final int DONE = 0;

    /**
     * A failure: a file can't be used, the machine, a library or Stir failed, or the time limit was
     * reached.
     */
    public static final int FAILED = 1;

    /** A wrong request: nothing was computed. */
    public static final int USAGE = 2;

    /** A shard with units that can't be done on any machine. */
    public static final int UNITS_FAILED = 3;

    /** An interruption by the user: 128 plus the number of the signal that Ctrl-C sends. */
    public static final int INTERRUPTED = 130;

    /** A pipe whose reader has ended: 128 plus the number of the signal that other tools die of. */
    public static final int PIPE_CLOSED = 141;

    private ExitCode() {}

    /** Returns the codes and their meaning for the help. */
    public static Map<String, String> explained() {
        var codes = new LinkedHashMap<String, String>();
        codes.put(" " + DONE, "success; a note explains each undefined value");
        codes.put(
                " " + FAILED,
                "failed: a named file can't be used (damaged, values out of range), a"
                        + " library or the machine fails, no value is defined, the time of"
                        + " --timeout is over, or a claim is not confirmed");
        codes.put(
                " " + USAGE,
                "wrong usage: the command line or the experiment file must change (an"
                        + " unknown option or name, a missing file, a file that is not a model, a"
                        + " setting out of range)");
        codes.put(" " + UNITS_FAILED, "shard incomplete: some of its units fail on every machine; the rest are done");
        codes.put(" " + INTERRUPTED, "interrupted with Ctrl-C");
        codes.put(" " + PIPE_CLOSED, "the output pipe was closed, as by `| head`");
        return codes;
    }
}
