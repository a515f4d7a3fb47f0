package stir.cli.option;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import stir.cli.console.Console;
import stir.cli.console.Messages;
import stir.cli.report.Emphasis;
import stir.cli.report.Report;

/** The format of printed results. */
public final class FormatOption {
    /** The formats, by their names on the command line. */
    public enum Format {
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
            description = "Format of the results: text, json, csv, markdown or latex (default:"
                    + " ${DEFAULT-VALUE}). json is one complete document; csv has the values;"
                    + " markdown and latex are tables for papers.")
    Format format = Format.text;

    /** Prints results; the remarks on a table go to standard error. */
    public void print(Report report, CommandLine command) {
        var messages = Messages.of(command);
        print(report, command.getOut(), Console.of(command).isColoured(command), messages::remark);
    }

    /**
     * Prints results without colours.
     *
     * @param remarks the consumer of the remarks on a table
     */
    public void print(Report report, PrintWriter out, Consumer<String> remarks) {
        print(report, out, false, remarks);
    }

    /**
     * Prints results.
     *
     * @param isColoured whether the output is a terminal that shows colours
     * @param remarks the consumer that receives the reasons why values should not be trusted or are
     *     missing, if the results are printed as a table, which has no place for them
     */
    private void print(Report report, PrintWriter out, boolean isColoured, Consumer<String> remarks) {
        if (format.isTable) {
            report.remarks().lines().forEach(remarks);
        }
        out.print(
                switch (format) {
                    case text -> Emphasis.shown(report.text(), isColoured);
                    case json -> report.document().toJson();
                    case csv -> report.table().csv();
                    case markdown -> report.markdown();
                    case latex -> report.latex();
                });
        out.flush();
    }
}
