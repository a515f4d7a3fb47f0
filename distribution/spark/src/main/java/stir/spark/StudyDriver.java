package stir.spark;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import stir.cli.command.FrontEnd;
import stir.cli.console.ExitCode;

/** The main class for {@code spark-submit}. */
public final class StudyDriver {
    private StudyDriver() {}

    /** Runs one study. Ends the process with the exit code if that is not 0. */
    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        var interrupted = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted.set(true), "stir-interrupt"));
        var command = FrontEnd.of(new CommandLine(new SparkCommand(List.of(arguments))), interrupted::get)
                .setOut(writer(FileDescriptor.out))
                .setErr(writer(FileDescriptor.err));
        int code = FrontEnd.execute(command, arguments);
        if (command.getOut().checkError()) {
            command.getErr().println("stir: The results could not be written.");
            code = ExitCode.FAILED;
        }
        // YARN treats any exit of its driver as a failure, even with 0, so success returns.
        if (code != ExitCode.DONE) {
            System.exit(code);
        }
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
