package stir.cli;

import picocli.CommandLine.Option;

import stir.cli.report.Report;

import java.io.PrintWriter;

/** How results are printed. */
final class FormatOption {
    /** The formats, by their names on the command line. */
    enum Format {
        text,
        json
    }

    @Option(
            names = "--format",
            paramLabel = "text|json",
            description =
                    "How results are printed (default: ${DEFAULT-VALUE}); json is one document, alone on standard output.")
    Format format = Format.text;

    /** Prints results. */
    void print(Report report, PrintWriter out) {
        out.print(format == Format.json ? report.document().toJson() : report.text());
        out.flush();
    }
}
