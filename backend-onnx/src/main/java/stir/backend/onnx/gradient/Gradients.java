package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The gradients accumulated per tensor so far. */
final class Gradients {
    private final Map<String, List<Value>> reached = new HashMap<>();

    void add(String tensor, Value gradient) {
        reached.computeIfAbsent(tensor, name -> new ArrayList<>()).add(gradient);
    }

    boolean has(String tensor) {
        return reached.containsKey(tensor);
    }

    /** Returns the sum of a tensor's gradients; there must be at least one. */
    Value total(String tensor) {
        var terms = reached.getOrDefault(tensor, List.of());
        var total = joined(terms);
        reached.put(tensor, new ArrayList<>(List.of(total)));
        return total;
    }

    /**
     * Sums gradients. Those of consecutive slices of a tensor are concatenated, which is cheaper
     * than padding each with zeros and adding them.
     */
    private static Value joined(List<Value> terms) {
        var parts = terms.stream()
                .flatMap(term -> term.part().stream())
                .sorted(Comparator.comparingInt(Value.PaddedPart::start))
                .toList();
        var first = terms.get(0);
        if (terms.size() > 1 && parts.size() == terms.size() && cover(parts, first)) {
            var axis = AttributeBuilder.of("axis", parts.get(0).axis());
            var values = parts.stream().map(Value.PaddedPart::value).toList();
            return first.tape().emit("Concat", values, axis, first.dims());
        }
        return terms.stream().reduce(Value::plus).orElseThrow();
    }

    private static boolean cover(List<Value.PaddedPart> parts, Value whole) {
        int axis = parts.get(0).axis();
        int next = 0;
        for (var part : parts) {
            if (part.axis() != axis || part.start() != next) {
                return false;
            }
            next += part.value().dim(axis);
        }
        return next == whole.dim(axis);
    }
}
