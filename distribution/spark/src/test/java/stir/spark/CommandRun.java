package stir.spark;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import stir.cli.command.FrontEnd;

/**
 * What the command did, run in this process, up to where Spark would begin.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var command = FrontEnd.of(new CommandLine(new SparkCommand(List.of(arguments))), () -> false)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = FrontEnd.execute(command, arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
