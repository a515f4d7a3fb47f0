package stir.api.contract;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Adds the kind of machine to the message of a failed assertion. */
final class MachineInMessage implements InvocationInterceptor {
    private static final Pattern CHOOSES_KERNELS = Pattern.compile("(ATEN|ONEDNN|DNNL|MKL|OMP|TF_ENABLE_ONEDNN)_.*");
    private static final Pattern INSTRUCTION_SET = Pattern.compile("\\b(avx2?|avx512f|sse4_2|asimd)\\b");

    @Override
    public void interceptTestMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(test);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(test);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> test, DynamicTestInvocationContext dynamic, ExtensionContext context) throws Throwable {
        run(test);
    }

    private static void run(Invocation<Void> test) throws Throwable {
        try {
            test.proceed();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + " [on " + machine() + "]", e);
        }
    }

    /** Returns the processor, its instruction sets, and the settings that choose among kernels. */
    static String machine() {
        var settings = new TreeMap<String, String>();
        System.getenv().forEach((name, value) -> {
            if (CHOOSES_KERNELS.matcher(name).matches()) {
                settings.put(name, value);
            }
        });
        var options = Stream.of(ProcessHandle.current().info().arguments().orElse(new String[0]))
                .filter(option -> option.startsWith("-XX:"))
                .collect(Collectors.joining(" "));
        return "%s %s, %d processors, %s %s"
                .formatted(
                        System.getProperty("os.arch"),
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        settings,
                        options)
                .strip();
    }

    private static String processor() {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return "(unknown processor)";
        }
        return value(lines, "model name")
                + " "
                + INSTRUCTION_SET
                        .matcher(value(lines, "flags"))
                        .results()
                        .map(match -> match.group())
                        .distinct()
                        .sorted()
                        .toList();
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }
}
