package stir.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import stir.cli.report.Report;

/** How results are printed. */
public final class FormatOption {
    /** The formats, by their names on the command line. */
    enum Format {
        text(false),
        json(false),
        csv(true),
        markdown(true),
        latex(true);

        private final boolean isTable;

        Format(boolean isTable) {
            this.isTable = isTable;
        }
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "How results are printed: text, json, csv, markdown or latex (default: ${DEFAULT-VALUE}). json is everything in one document; the three tables hold the values.")
    Format format = Format.text;

    /**
     * Prints results; beside a table, which has no place for them, what they need to be known by.
     */
    void print(Report report, CommandLine command) {
        var messages = Messages.of(command);
        if (format.isTable && !messages.quiet()) {
            report.remarks().lines().forEach(messages::say);
        }
        var out = command.getOut();
        out.print(
                switch (format) {
                    case text -> report.text();
                    case json -> report.document().toJson();
                    case csv -> report.table().csv();
                    case markdown -> report.table().markdown();
                    case latex -> report.table().latex();
                });
        out.flush();
    }
}
