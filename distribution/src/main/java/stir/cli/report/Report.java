package stir.cli.report;

/** What a command found, to be printed. */
public interface Report {
    /** For programs. */
    JsonDocument document();

    /** For people; ends with a line's end. */
    String text();

    /** For papers and spreadsheets: the values alone. */
    ResultTable table();

    /**
     * Why values should not be trusted or are missing, for people: a part of the text that a table
     * has no place for. A line each.
     */
    default String remarks() {
        return "";
    }
}
