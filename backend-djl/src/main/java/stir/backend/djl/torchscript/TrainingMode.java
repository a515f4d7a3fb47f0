package stir.backend.djl.torchscript;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.AtenFunctions;
import stir.backend.djl.libtorch.SourceException;

/**
 * A search for calls that train regardless of the module's mode: tracing in training mode writes
 * {@code True} instead of reading the mode.
 */
record TrainingMode(List<String> lines) {
    /** Returns the name of the first such function, or null. */
    static @Nullable String evidence(ScriptCode code) {
        return code.files().values().stream()
                .map(lines -> new TrainingMode(lines).evidence())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private String evidence() {
        return IntStream.range(0, lines.size())
                .filter(at -> lines.get(at).contains("True") && !isHead(lines.get(at)))
                .mapToObj(this::evidence)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean isHead(String line) {
        return line.contains("def ");
    }

    private String evidence(int at) {
        var function = new StringBuilder();
        for (var expression : expressions(lines.get(at))) {
            expression.visit(part -> {
                if (function.isEmpty()) {
                    function.append(trains(part, at));
                }
            });
        }
        return function.toString();
    }

    /** Returns the expressions of a line; none if it is broken or continues on the next line. */
    private static List<Expression> expressions(String line) {
        try {
            return Expression.parse(line);
        } catch (SourceException e) {
            return List.of();
        }
    }

    private String trains(Expression call, int at) {
        if (call.kind() != Expression.Kind.CALL) {
            return "";
        }
        var name = call.base().dotted();
        var function = name.substring(name.lastIndexOf('.') + 1);
        int index = name.startsWith("torch.") ? AtenFunctions.modeArgument(function) : -1;
        if (index < 0 || index >= call.items().size()) {
            return "";
        }
        var line = lines.get(at);
        boolean trains = text(call, index, line).equals("True")
                && !(function.equals(AtenFunctions.NORMALISATION) && isOfModule(text(call, 0, line), at));
        return trains ? function : "";
    }

    private static String text(Expression call, int item, String line) {
        var span = call.items().get(item);
        return line.substring(span.start(), span.end()).strip();
    }

    /**
     * Returns whether a value is computed from the module's own tensors alone, such as a
     * standardised weight, so that its statistics are not those of the batch.
     *
     * @param at the line that reads it
     */
    private boolean isOfModule(String value, int at) {
        int head = at;
        while (head > 0 && !isHead(lines.get(head))) {
            head--;
        }
        var names = new ArrayDeque<>(names(value));
        var seen = new HashSet<>(names);
        while (!names.isEmpty()) {
            var name = names.pop();
            var assigned = Pattern.compile("^[\\w, ]*\\b" + Pattern.quote(name) + "\\b[\\w, ]* = (.*)$");
            var parameter = Pattern.compile("\\b" + Pattern.quote(name) + ": ");
            for (var line : lines.subList(head, at)) {
                var matcher = assigned.matcher(line);
                if (matcher.matches()) {
                    names(matcher.group(1)).stream().filter(seen::add).forEach(names::push);
                } else if (!name.equals("self") && parameter.matcher(line).find()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Set<String> names(String source) {
        var names = new HashSet<String>();
        for (var expression : expressions(source)) {
            expression.visit(part -> {
                if (part.kind() == Expression.Kind.NAME) {
                    names.add(part.text());
                }
            });
        }
        return names;
    }
}
