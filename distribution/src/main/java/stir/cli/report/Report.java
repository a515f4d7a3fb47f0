package stir.cli.report;

import stir.core.io.files.Table;

/** Results of a command, to be printed. */
public interface Report {
    /** Returns the results for programs. */
    JsonDocument document();

    /** Returns the results for people, with a line end after the last line. */
    String text();

    /** Returns the values alone, for papers and spreadsheets. */
    Table<?> table();

    /** Returns the values for a document in GitHub's Markdown. */
    default String markdown() {
        return table().markdown();
    }

    /** Returns the values for a document in LaTeX, with the rules of the package booktabs. */
    default String latex() {
        return table().latex();
    }

    /**
     * Returns why values should not be trusted or are missing, for people, a line each: the part of
     * the text that a table has no place for.
     */
    default String remarks() {
        return "";
    }
}
