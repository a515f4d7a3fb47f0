package stir.cli.console;

import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of the environment that Stir and its launcher read. */
public final class EnvironmentVariable {
    private EnvironmentVariable() {}

    /** Returns the variables and their meaning for the help. */
    public static Map<String, String> explained() {
        var variables = new LinkedHashMap<String, String>();
        variables.put(
                "STIR_CACHE",
                "folder for the unpacked native libraries: 22 MB for ONNX, 0.4 GB for PyTorch, 0.7"
                        + " GB for TensorFlow, each on its first use (default: stir in"
                        + " $XDG_CACHE_HOME or ~/.cache; if that can't be written, a private"
                        + " folder in $TMPDIR or /tmp)");
        variables.put(
                "STIR_PLUGINS",
                "additional plug-in folders, separated by colons (on Windows by semicolons),"
                        + " searched after plugins/ of the unpacked archive; --plugins DIR adds another");
        variables.put("STIR_JAVA_OPTS", "options of Java, such as -Xmx8g for more memory");
        variables.put("STIR_DEBUG", "1 shows the stack trace of a failure, like --debug");
        variables.put(
                "STIR_MESSAGES",
                "json writes progress, warnings and errors to standard error as one JSON object"
                        + " per line, for programs that run Stir");
        variables.put("NO_COLOR", "any text leaves out colours, like --color never");
        variables.put("COLUMNS", "width of the text (default: the terminal's)");
        return variables;
    }
}
