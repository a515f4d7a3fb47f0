package stir.core.study;

/**
 * The options of a run, which change none of its results.
 *
 * @param command the command that repeats the study, stored in its document; empty without a
 *     command
 * @param replaces whether results in the folder that depend on other settings are replaced
 * @param mixesMachines whether results of another kind of machine, whose last digits differ, may be
 *     used together with those of this one
 * @param keepsRepresentations whether representations are stored as arrays, which take much space
 * @since 0.1.0
 */
public record RunOptions(
        String command, boolean replaces, boolean mixesMachines, boolean keepsRepresentations) {
    /** The default options. */
    public static final RunOptions DEFAULT = new RunOptions("", false, false, false);

    /** Returns the same with the command that repeats the study. */
    public RunOptions repeatedBy(String line) {
        return new RunOptions(line, replaces, mixesMachines, keepsRepresentations);
    }

    /** Returns the same, replacing results that depend on other settings, or not. */
    public RunOptions replacing(boolean other) {
        return new RunOptions(command, other, mixesMachines, keepsRepresentations);
    }

    /** Returns the same, using results of other machines, or not. */
    public RunOptions mixingMachines(boolean other) {
        return new RunOptions(command, replaces, other, keepsRepresentations);
    }

    /** Returns the same, storing representations, or not. */
    public RunOptions keepingRepresentations(boolean other) {
        return new RunOptions(command, replaces, mixesMachines, other);
    }
}
