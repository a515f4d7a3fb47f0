package stir.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import stir.cli.command.FrontEnd;
import stir.cli.command.StirCommand;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Interruption;
import stir.cli.console.PrintableWriter;
import stir.cli.report.Emphasis;
import stir.cli.report.ProgressDisplay;

/** The entry point of {@code stir}. */
public final class Main {
    private static final int KILLED = 128 + 9;
    private static final long LONGEST_END_MILLISECONDS = 10_000;
    private static final long LOOK_FOR_LAUNCHER_MILLISECONDS = 100;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // one locale has digits that JSON lacks
        var out = writer(descriptor("stir.out", FileDescriptor.out), Emphasis.sequences());
        var errors = descriptor("stir.err", FileDescriptor.err);
        var err = writer(errors, Set.of(ProgressDisplay.ERASE_LINE));
        System.setErr(new PrintStream(new FileOutputStream(errors), true, StandardCharsets.UTF_8));
        var state = Optional.ofNullable(System.getProperty("stir.state")).map(Path::of);
        change(state, file -> Files.writeString(file, "started\n"));
        var interruption = new Interruption(Thread.currentThread(), err, code -> {
            change(state, Files::deleteIfExists);
            Runtime.getRuntime().halt(code);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::interrupt, "stir-interrupt"));
        Optional.ofNullable(Long.getLong("stir.launcher")).ifPresent(launcher -> endWith(launcher, state));
        var console = new Console(
                Optional.ofNullable(System.getProperty("stir.home")).map(Path::of),
                Boolean.getBoolean("stir.terminal"),
                Boolean.getBoolean("stir.colours")
                        && System.getenv().getOrDefault("NO_COLOR", "").isEmpty(),
                Integer.getInteger("stir.columns", Console.USUAL_COLUMNS),
                "json".equals(System.getenv("STIR_MESSAGES")));
        int code = FrontEnd.execute(
                StirCommand.commandLine(console, interruption, arguments)
                        .setOut(out)
                        .setErr(err),
                arguments);
        if (out.checkError()) {
            if (Boolean.getBoolean("stir.piped")) { // the reader, such as head, has enough
                code = ExitCode.PIPE_CLOSED;
            } else {
                err.println("stir: The results could not be written to standard output.");
                code = ExitCode.FAILED;
            }
        }
        interruption.finished();
        change(state, Files::deleteIfExists);
        haltAfterwards(code, err);
        System.exit(code);
    }

    /** A change of the file that states to the launcher how Java ended. */
    @FunctionalInterface
    private interface StateChange {
        void apply(Path file) throws IOException;
    }

    /** Writes the launcher's file, or removes it because Stir itself now ends the process. */
    private static void change(Optional<Path> state, StateChange change) {
        try {
            if (state.isPresent()) {
                change.apply(state.get());
            }
        } catch (IOException e) {
            System.getLogger(Main.class.getName()).log(System.Logger.Level.DEBUG, "Could not change " + state.get(), e);
        }
    }

    /** Ends the process if a shutdown hook, for example a plug-in's, does not let it end. */
    private static void haltAfterwards(int code, PrintWriter err) {
        var halt = new TimerTask() {
            @Override
            public void run() {
                err.println(
                        "stir: A plug-in or a library does not let the process end, so it was ended; the results are complete.");
                Runtime.getRuntime().halt(code);
            }
        };
        new Timer("stir-end", true).schedule(halt, LONGEST_END_MILLISECONDS);
    }

    /**
     * Ends the process, as a kill does, once the launcher has ended: a user who kills the launcher
     * means to kill this process.
     */
    private static void endWith(long launcher, Optional<Path> state) {
        var watch = new Thread(
                () -> {
                    while (isParent(launcher)) {
                        try {
                            Thread.sleep(LOOK_FOR_LAUNCHER_MILLISECONDS);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                    change(state, Files::deleteIfExists);
                    Runtime.getRuntime().halt(KILLED);
                },
                "stir-launcher");
        watch.setDaemon(true);
        watch.start();
    }

    private static boolean isParent(long process) {
        return ProcessHandle.current().parent().stream().anyMatch(parent -> parent.pid() == process);
    }

    /**
     * Returns the descriptor that the launcher opened for Stir's output, since Java and native code
     * write other text to the usual ones. Java has no public method that opens a descriptor by its
     * number.
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
            throw new IllegalStateException("This Java cannot open a descriptor by its number", e);
        }
    }

    /**
     * Returns a writer that encodes in UTF-8 under every locale, as JSON requires.
     *
     * @param own the sequences of Stir that a terminal obeys
     */
    private static PrintWriter writer(FileDescriptor descriptor, Set<String> own) {
        var bytes = new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8);
        return new PrintWriter(new PrintableWriter(new BufferedWriter(bytes), own), true);
    }
}
