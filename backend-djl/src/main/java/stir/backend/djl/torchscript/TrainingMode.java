package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * Finds calls that train whatever mode the module is in: tracing in training mode writes {@code
 * True} where the mode would be asked for.
 */
final class TrainingMode {
    /** The index of the argument that says whether the function trains. */
    private static final Map<String, Integer> MODE_ARGUMENT =
            Map.of(
                    "batch_norm", 5,
                    "dropout", 2,
                    "dropout_", 2,
                    "feature_dropout", 2,
                    "feature_dropout_", 2,
                    "alpha_dropout", 2,
                    "feature_alpha_dropout", 2,
                    "native_dropout", 2);

    private TrainingMode() {}

    /** The name of the first such function, or null. */
    static @Nullable String evidence(ScriptCode code) {
        return code.files().values().stream()
                .flatMap(List::stream)
                .filter(line -> line.contains("True") && !line.contains("def "))
                .map(TrainingMode::evidence)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String evidence(String line) {
        var found = new StringBuilder();
        try {
            for (var expression : Expression.parse(line)) {
                expression.visit(
                        part -> {
                            if (found.isEmpty()) {
                                found.append(trains(part, line));
                            }
                        });
            }
        } catch (SourceException e) {
            return ""; // a line that continues on the next one
        }
        return found.toString();
    }

    private static String trains(Expression call, String line) {
        if (call.kind() != Expression.Kind.CALL) {
            return "";
        }
        var name = call.base().dotted();
        var function = name.substring(name.lastIndexOf('.') + 1);
        var index = name.startsWith("torch.") ? MODE_ARGUMENT.get(function) : null;
        if (index == null || index >= call.items().size()) {
            return "";
        }
        var mode = call.items().get(index);
        return line.substring(mode.start(), mode.end()).strip().equals("True") ? function : "";
    }
}
