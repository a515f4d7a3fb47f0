package stir.api.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Java processes with the tests' classes on their class path, wherever the build put them. */
public final class TestProcess {
    /** Options for a process that ends before Java's best compiler is worth its time. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Keeps warnings of Java 24 and later out of the output. */
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private TestProcess() {}

    /**
     * Returns a process to be started, with standard error merged into its output.
     *
     * @param main its class
     * @param options the options of Java
     * @param arguments the arguments of the class
     */
    public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SHORT_LIVED);
        command.addAll(options);
        command.addAll(List.of("-XX:-CreateCoredumpOnCrash", NATIVE_ACCESS, main.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().put("CLASSPATH", classPath());
        process.environment().put("ORT_DISABLE_TELEMETRY", "1"); // as the launcher sets it
        return process;
    }

    private static String classPath() {
        return Stream.of("surefire.test.class.path", "java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
