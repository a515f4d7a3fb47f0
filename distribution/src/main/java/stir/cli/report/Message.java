package stir.cli.report;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A message on standard error.
 *
 * @param text the text for people
 * @param exitCode the exit code of the process, of an error
 * @param progress the progress as values
 */
public record Message(Kind kind, String text, OptionalInt exitCode, Optional<ProgressLine> progress) {
    /** The kinds of messages. */
    public enum Kind {
        progress(""),
        step(""),
        note("note: "),
        warning("warning: "),
        remark(""),
        error("");

        private final String start;

        Kind(String start) {
            this.start = start;
        }

        /** Returns the start of its line for people. */
        public String start() {
            return start;
        }
    }
}
