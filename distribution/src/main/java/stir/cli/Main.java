package stir.cli;

import stir.cli.command.FrontEnd;
import stir.cli.command.StirCommand;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Interruption;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@code stir} begins. */
public final class Main {
    private static final int KILLED = 128 + 9;
    private static final long LOOK_FOR_LAUNCHER_MILLISECONDS = 100;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        var out = writer(descriptor("stir.out", FileDescriptor.out));
        var errors = descriptor("stir.err", FileDescriptor.err);
        var err = writer(errors);
        System.setErr(new PrintStream(new FileOutputStream(errors), true, StandardCharsets.UTF_8));
        var interruption =
                Interruption.of(
                        Thread.currentThread(), err, code -> Runtime.getRuntime().halt(code));
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::interrupt, "stir-interrupt"));
        Optional.ofNullable(Long.getLong("stir.launcher")).ifPresent(Main::endWith);
        var console =
                new Console(
                        Optional.ofNullable(System.getProperty("stir.home")).map(Path::of),
                        Boolean.getBoolean("stir.terminal"),
                        Integer.getInteger("stir.columns", Console.USUAL_COLUMNS));
        int code =
                FrontEnd.execute(
                        StirCommand.commandLine(console, interruption).setOut(out).setErr(err),
                        arguments);
        if (out.checkError()) {
            err.println("stir: The results could not be written to standard output.");
            code = ExitCode.FAILED;
        }
        interruption.finished();
        System.exit(code);
    }

    /**
     * Ends the process, as a kill does, when the launcher is there no more: who kills that means
     * this.
     */
    private static void endWith(long launcher) {
        var watch =
                new Thread(
                        () -> {
                            while (isParent(launcher)) {
                                try {
                                    Thread.sleep(LOOK_FOR_LAUNCHER_MILLISECONDS);
                                } catch (InterruptedException e) {
                                    return;
                                }
                            }
                            Runtime.getRuntime().halt(KILLED);
                        },
                        "stir-launcher");
        watch.setDaemon(true);
        watch.start();
    }

    private static boolean isParent(long process) {
        return ProcessHandle.current().parent().stream()
                .anyMatch(parent -> parent.pid() == process);
    }

    /**
     * The one that the launcher has opened for Stir's own words, since Java and native code write
     * to the usual ones what is not for users. Java opens such a number in no other way.
     */
    private static FileDescriptor descriptor(String property, FileDescriptor usual) {
        var number = Optional.ofNullable(Integer.getInteger(property));
        if (number.isEmpty()) {
            return usual;
        }
        try {
            var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number.get());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Java takes no numbers of descriptors", e);
        }
    }

    /** In UTF-8 whatever the locale says, since JSON is. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
