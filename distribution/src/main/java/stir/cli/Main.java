package stir.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@code stir} begins. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        var out = writer(FileDescriptor.out);
        var err = writer(FileDescriptor.err);
        var interruption =
                Interruption.of(
                        Thread.currentThread(), err, code -> Runtime.getRuntime().halt(code));
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::interrupt, "stir-interrupt"));
        var session =
                new Session(
                        Optional.ofNullable(System.getProperty("stir.home")).map(Path::of),
                        Boolean.getBoolean("stir.terminal"),
                        Integer.getInteger("stir.columns", Session.USUAL_COLUMNS));
        int code =
                FrontEnd.execute(
                        StirCommand.commandLine(session, interruption).setOut(out).setErr(err),
                        arguments);
        if (out.checkError()) {
            err.println("stir: The results could not be written to standard output.");
            code = ExitCode.FAILED;
        }
        interruption.finished();
        System.exit(code);
    }

    /** In UTF-8 whatever the locale says, since JSON is. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
