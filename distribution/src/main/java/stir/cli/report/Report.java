package stir.cli.report;

/** What a command found, to be printed. */
public interface Report {
    /** For programs. */
    JsonDocument document();

    /** For people; ends with a line's end. */
    String text();

    /** For papers and spreadsheets: the values alone. */
    ResultTable table();
}
