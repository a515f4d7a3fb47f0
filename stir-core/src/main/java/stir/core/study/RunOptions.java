package stir.core.study;

/**
 * The options of a run, which change none of its results.
 *
 * @param command the command that repeats the study, stored in its document; empty without a
 *     command
 * @param replaces whether results in the folder that depend on other settings are replaced
 * @param mixesMachines whether results of another CPU type, whose last bits differ, may be combined
 *     with results of this CPU type
 * @param keepsRepresentations whether representations are stored as arrays, which need much space
 * @param allowsInconsistent whether models may run that are not functions of their input, whose
 *     results depend on chance or on the batch
 * @since 0.1.0
 */
public record RunOptions(
        String command,
        boolean replaces,
        boolean mixesMachines,
        boolean keepsRepresentations,
        boolean allowsInconsistent) {
    /** The default options. */
    public static final RunOptions DEFAULT = new RunOptions("", false, false, false, false);

    /** Returns a copy with the command that repeats the study. */
    public RunOptions repeatedBy(String line) {
        return new RunOptions(line, replaces, mixesMachines, keepsRepresentations, allowsInconsistent);
    }

    /** Returns a copy that replaces results that depend on other settings, or rejects them. */
    public RunOptions replacing(boolean other) {
        return new RunOptions(command, other, mixesMachines, keepsRepresentations, allowsInconsistent);
    }

    /** Returns a copy that uses results of other machines, or rejects them. */
    public RunOptions mixingMachines(boolean other) {
        return new RunOptions(command, replaces, other, keepsRepresentations, allowsInconsistent);
    }

    /** Returns a copy that stores representations, or does not. */
    public RunOptions keepingRepresentations(boolean other) {
        return new RunOptions(command, replaces, mixesMachines, other, allowsInconsistent);
    }

    /** Returns a copy that runs models that are not functions of their input, or rejects them. */
    public RunOptions allowingInconsistent(boolean other) {
        return new RunOptions(command, replaces, mixesMachines, keepsRepresentations, other);
    }
}
