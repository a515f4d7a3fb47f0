package stir.core.study;

/**
 * How a study is run; what it finds does not depend on it.
 *
 * @param command how the study is repeated, which its document tells; empty if no command does it
 * @param replaces whether results in the folder that depend on other settings give way
 * @param mixesMachines whether results of another kind of machine, whose last digits differ, may be
 *     used together with those of this one
 * @param keepsRepresentations whether the folder gets the representations as arrays, which take
 *     much room
 * @since 0.1.0
 */
public record RunOptions(
        String command, boolean replaces, boolean mixesMachines, boolean keepsRepresentations) {
    /** What is done unless something else is asked for. */
    public static final RunOptions DEFAULT = new RunOptions("", false, false, false);

    /** The same with the command by which the study is repeated. */
    public RunOptions repeatedBy(String line) {
        return new RunOptions(line, replaces, mixesMachines, keepsRepresentations);
    }

    /** The same, replacing results that depend on other settings, or not. */
    public RunOptions replacing(boolean other) {
        return new RunOptions(command, other, mixesMachines, keepsRepresentations);
    }

    /** The same, using results of other machines, or not. */
    public RunOptions mixingMachines(boolean other) {
        return new RunOptions(command, replaces, other, keepsRepresentations);
    }

    /** The same, keeping representations, or not. */
    public RunOptions keepingRepresentations(boolean other) {
        return new RunOptions(command, replaces, mixesMachines, other);
    }
}
