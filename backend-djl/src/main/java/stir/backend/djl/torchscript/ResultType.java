package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tensors in the results of methods, by the types that the source declares. */
final class ResultType {
    private static final Pattern STEP = Pattern.compile("\\[(\\d+|\"[^\"]*\")]");
    private static final String TUPLE = "Tuple[";

    private ResultType() {}

    /** Returns the elements that are tensors, such as {@code [1][0]}; {@code ""} for a tensor. */
    static List<String> tensors(String type) {
        if (type.equals("Tensor")) {
            return List.of("");
        }
        var elements = new ArrayList<String>();
        if (type.startsWith(TUPLE)) {
            var types = parameters(type);
            for (int i = 0; i < types.size(); i++) {
                for (var inner : tensors(types.get(i))) {
                    elements.add("[" + i + "]" + inner);
                }
            }
        }
        return elements;
    }

    /**
     * Returns the type of an element, or an empty string if there is none.
     *
     * @param element the element with its square brackets, or null for the whole result
     */
    static String of(String type, @Nullable String element) {
        var elementType = type;
        var steps = STEP.matcher(element == null ? "" : element);
        while (steps.find()) {
            elementType = step(elementType, steps.group(1));
        }
        return elementType;
    }

    private static String step(String type, String key) {
        int open = type.indexOf('[');
        if (open < 0) {
            return "";
        }
        var types = parameters(type);
        boolean quoted = key.startsWith("\"");
        return switch (type.substring(0, open)) {
            case "Tuple" -> {
                int index = quoted ? types.size() : Integer.parseInt(key);
                yield index < types.size() ? types.get(index) : "";
            }
            case "List" -> quoted ? "" : types.get(0);
            case "Dict" -> quoted ? types.get(types.size() - 1) : "";
            default -> "";
        };
    }

    private static List<String> parameters(String type) {
        return ScriptCode.split(type.substring(type.indexOf('[') + 1, type.length() - 1));
    }
}
