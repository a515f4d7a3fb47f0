package stir.cli;

import picocli.CommandLine.Option;

import stir.cli.report.Report;

import java.io.PrintWriter;

/** How results are printed. */
public final class FormatOption {
    /** The formats, by their names on the command line. */
    enum Format {
        text,
        json,
        csv,
        markdown,
        latex
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "How results are printed: text, json, csv, markdown or latex (default: ${DEFAULT-VALUE}). json is everything in one document; the three tables hold the values.")
    Format format = Format.text;

    /** Prints results. */
    public void print(Report report, PrintWriter out) {
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
