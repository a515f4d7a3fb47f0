package stir.backend.onnx;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The runtime's error messages, reduced to what users can act on. */
final class RuntimeMessage {
    private static final int LONGEST = 200;

    /** Patterns and replacements, applied in this order. */
    private static final List<Map.Entry<Pattern, String>> PLAIN = List.of(
            // a refused node: its name and operator, then all its tensors, then the reason
            replacing("^This is an invalid model\\. In Node, \\(\"(.*?)\", ([^,]+), .*, Error (.+)$", "$2 '$1': $3"),
            replacing("^This is an invalid model\\. (Error: )?", ""),
            replacing("^Load model from .*? failed: ?", ""),
            replacing("^Exception during initialization: ", ""),
            replacing(" ?; GPU=-?\\d+ ; hostname=.*", ""), // and a place in its source
            replacing("^Node \\((.*?)\\) Op \\((\\S+)\\) ", "$2 '$1': "),
            replacing(
                    "^Non-zero status code returned while running (\\S+) node\\. Name: ?'(.*?)' Status Message: ",
                    "$1 '$2': "),
            // a location in the runtime's source, with the function
            replacing(
                    "/\\S+\\.(?:cc|cpp|cu|cuh|h|hpp):\\d+ [^()]*(?:\\([^()]*\\))+(?: const| noexcept)*(?: \\[with [^\\]]*\\])?\\s*",
                    ""),
            replacing("\\b\\w+\\.(?:cc|cpp|cu|cuh|h|hpp):\\d+ \\S+ ", ""),
            replacing("\\S+ [<>=!]+ \\S+ was false\\.? ?", ""), // a condition of its source
            replacing("^(\\S+) '': ", "$1: "), // a node without a name
            replacing("\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ", ""),
            replacing("\\[(Shape|Type)InferenceError\\] ", ""),
            replacing("^Failed to load library \\S+ with error: (?:/\\S+: )?", ""),
            replacing("^Failed to parse provider option \"\\w+\": ", ""));

    private RuntimeMessage() {}

    private static Map.Entry<Pattern, String> replacing(String pattern, String by) {
        return Map.entry(Pattern.compile(pattern), by);
    }

    /** Returns the message as one line without a full stop. */
    static String of(OrtException e) {
        var words = String.valueOf(e.getMessage()).replaceFirst("^.*? - message: ", "");
        var line = words.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .findFirst()
                .orElse("");
        for (var plain : PLAIN) {
            line = plain.getKey().matcher(line).replaceAll(plain.getValue()).strip();
        }
        line = line.replaceFirst("\\.$", "");
        if (line.isEmpty()) {
            return "the runtime gives no reason";
        }
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    /** Returns whether the runtime ran out of memory. */
    static boolean isAboutMemory(OrtException e) {
        var words = String.valueOf(e.getMessage());
        return words.contains("alloc") || words.contains("memory");
    }
}
