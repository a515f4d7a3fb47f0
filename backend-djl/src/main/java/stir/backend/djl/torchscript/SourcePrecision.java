package stir.backend.djl.torchscript;

import java.util.Map;
import java.util.TreeMap;
import stir.backend.djl.libtorch.SinglePrecision;

/** A rewriter that replaces the data types in source by single precision. */
final class SourcePrecision {
    private SourcePrecision() {}

    /** Returns the source of a file with single precision instead of the other types. */
    static String single(String source) {
        var arguments = new TreeMap<Integer, Map.Entry<Expression.Span, String>>();
        for (var outermost : Expression.parse(source)) {
            outermost.visit(expression -> {
                if (expression.kind() == Expression.Kind.CALL) {
                    addTypes(source, expression, arguments);
                }
            });
        }
        var changed = new StringBuilder(source);
        arguments
                .descendingMap()
                .values()
                .forEach(one ->
                        changed.replace(one.getKey().start(), one.getKey().end(), one.getValue()));
        return changed.toString();
    }

    private static void addTypes(
            String source, Expression call, Map<Integer, Map.Entry<Expression.Span, String>> arguments) {
        var name = call.base().dotted();
        var function = name.substring(name.lastIndexOf('.') + 1);
        for (int i = 0; i < call.items().size(); i++) {
            var item = call.items().get(i);
            var text = source.substring(item.start(), item.end());
            var single = SinglePrecision.argument(function, i, text);
            if (!single.equals(text)) {
                arguments.put(item.start(), Map.entry(item, single));
            }
        }
    }
}
