package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import stir.backend.djl.libtorch.AtenFunctions;
import stir.backend.djl.libtorch.SourceException;

/**
 * A check that no pass changes what the next one reads: attributes of modules, constants, and views
 * and elements of them. It follows values through all methods and functions that {@code forward}
 * reaches, without branches that run in training alone or that the constants of a call exclude.
 */
final class ModuleState {
    private static final int MAX_DEPTH = 100;

    /** Functions whose result is new, and contains the elements of their first argument. */
    private static final Set<String> COPIES = Set.of("list", "dict", "copy", "values", "items");

    private static final Set<String> ELEMENTS = Set.of("get", "pop", "popitem", "setdefault");

    /** Operators that put their other arguments into the first. */
    private static final Set<String> ADDITIONS =
            Set.of("append", "extend", "insert", "_set_item", "setdefault", "update");

    /** The memory of a value. */
    private enum Origin {
        PASS,
        /** A list or an object of this pass that contains an attribute. */
        CONTAINER,
        /** An attribute, a constant, or a view or an element of one. */
        ATTRIBUTE;

        Origin element() {
            return this == PASS ? PASS : ATTRIBUTE;
        }

        Origin container() {
            return this == PASS ? PASS : CONTAINER;
        }
    }

    /**
     * A value.
     *
     * @param name {@code True}, {@code False}, {@code None}, or the full name of a function or of
     *     an object's class, as far as that is known, otherwise empty
     */
    private record Known(Origin origin, String name) {
        static final Known PASS = new Known(Origin.PASS, "");
        static final Known ATTRIBUTE = new Known(Origin.ATTRIBUTE, "");

        Known named(String other) {
            return new Known(origin, other);
        }

        Known element() {
            return new Known(origin.element(), "");
        }

        Known or(Known other) {
            var later = origin.compareTo(other.origin) < 0 ? other.origin : origin;
            return new Known(later, name.equals(other.name) ? name : "");
        }

        static Known any(Stream<Known> all) {
            return all.reduce(Known::or).orElse(PASS);
        }
    }

    private record Context(ScriptMethod method, Map<String, Known> arguments) {}

    private final ScriptCode code;
    private final Map<Context, Known> results = new HashMap<>();
    private int depth;

    private ModuleState(ScriptCode code) {
        this.code = code;
    }

    /**
     * Checks a network.
     *
     * @throws SourceException if a pass may change an attribute or a constant
     */
    static void check(ScriptNetwork network) {
        var given = new ArrayList<Known>();
        given.add(Known.ATTRIBUTE.named(network.root().qualifiedName()));
        network.forward().parameters().forEach(unused -> given.add(Known.PASS));
        new ModuleState(network.code()).run(network.forward(), given, Map.of());
    }

    /** Returns the result of a method for its first arguments, and others by their names. */
    private Known run(ScriptMethod method, List<Known> given, Map<String, Known> named) {
        var names = new HashMap<>(Map.of("CONSTANTS", Known.ATTRIBUTE));
        names.put(method.self(), given.isEmpty() ? Known.PASS : given.get(0));
        for (int i = 0; i < method.parameters().size(); i++) {
            var parameter = method.parameters().get(i);
            var otherwise =
                    literal(parameter.declaration().replaceFirst(".*=", "").strip());
            var value = i + 1 < given.size() ? given.get(i + 1) : named.getOrDefault(parameter.name(), otherwise);
            var type = code.find(parameter.type());
            names.put(parameter.name(), type == null ? value : value.named(type.qualifiedName()));
        }
        var context = new Context(method, Map.copyOf(names));
        var known = results.putIfAbsent(context, Known.PASS);
        if (known != null) {
            return known;
        }
        if (++depth > MAX_DEPTH) {
            throw new SourceException("its functions nest too deeply");
        }
        var result = new MethodRun(method, names).result();
        results.put(context, result);
        depth--;
        return result;
    }

    private static Known literal(String text) {
        boolean isKnown = text.matches("True|False|None|__torch__\\..*");
        return Known.PASS.named(isKnown ? text : "");
    }

    /** One method with given arguments. */
    private final class MethodRun {
        private final ScriptMethod method;
        private final Map<String, Known> names;
        private Known result = Known.PASS;
        private String line = "";

        /** The values of the last conditions, as far as they are known, by their indentation. */
        private final Map<Integer, String> conditions = new HashMap<>();

        MethodRun(ScriptMethod method, Map<String, Known> names) {
            this.method = method;
            this.names = names;
        }

        /** Reads all lines until nothing new is known, since a loop reads what it has assigned. */
        Known result() {
            Map<String, Known> before;
            do {
                before = Map.copyOf(names);
                readBody();
            } while (!before.equals(names));
            return result;
        }

        private void readBody() {
            int skipped = Integer.MAX_VALUE;
            for (var statement : method.body()) {
                line = statement.text();
                int indent = statement.indent();
                if (indent > skipped) {
                    continue;
                }
                skipped = Integer.MAX_VALUE;
                var parsed = statement.expressions();
                var word = parsed.isEmpty() ? "" : parsed.get(0).text();
                var rest = parsed.subList(Math.min(1, parsed.size()), parsed.size());
                switch (word) {
                    case "if" -> {
                        var condition = value(rest).name();
                        conditions.put(indent, condition);
                        skipped = condition.equals("False") ? indent : skipped;
                    }
                    case "else" -> skipped = "True".equals(conditions.get(indent)) ? indent : skipped;
                    case "return" -> result = result.or(value(rest));
                    case "for" ->
                        assign(
                                parsed.get(Math.min(1, parsed.size() - 1)),
                                value(rest).element());
                    case "while" -> value(rest);
                    default -> statement(parsed);
                }
            }
        }

        /** Reads an assignment, or an expression alone. */
        private void statement(List<Expression> parsed) {
            for (int i = 1; i < parsed.size(); i++) {
                int after = parsed.get(i - 1).span().end();
                var sign = line.substring(after, parsed.get(i).span().start()).replaceAll("[, ]", "");
                if (sign.endsWith("=") && !sign.matches("[=!<>]=")) {
                    var value = value(parsed.subList(i, parsed.size()));
                    boolean typed = line.startsWith(" : ", parsed.get(0).span().end());
                    var targets = parsed.subList(0, typed ? 1 : i);
                    boolean single = targets.size() == 1 && line.charAt(after) != ',';
                    for (var target : targets) {
                        if (sign.length() > 1 && value(target).origin() == Origin.ATTRIBUTE) {
                            throw changes();
                        }
                        assign(target, single ? value : value.element());
                    }
                    return;
                }
            }
            value(parsed);
        }

        private SourceException changes() {
            return new SourceException(
                    "a pass changes an attribute or a constant (%s), so it is not a function of its input"
                            .formatted(line.strip()),
                    "save a trace (torch.jit.trace) or a .pt2 (torch.export) instead");
        }

        private void assign(Expression target, Known value) {
            if (target.kind() == Expression.Kind.NAME) {
                names.merge(target.text(), value, Known::or);
            } else if (target.kind() == Expression.Kind.GROUP) {
                target.parts().forEach(part -> assign(part, value.element()));
            } else {
                put(target.base(), value(target.base()), value);
            }
        }

        /** Puts a value into an object or a list. */
        private void put(Expression holder, Known object, Known value) {
            if (object.origin() == Origin.ATTRIBUTE) {
                throw changes();
            }
            var name = holder.unwrapped();
            if (name.kind() == Expression.Kind.NAME) {
                var content = new Known(value.origin().container(), object.name());
                names.merge(name.text(), content, Known::or);
            }
        }

        private Known value(List<Expression> alternatives) {
            return Known.any(alternatives.stream().map(this::value));
        }

        private Known value(Expression expression) {
            var bare = expression.unwrapped();
            return switch (bare.kind()) {
                case NAME -> names.getOrDefault(bare.text(), literal(bare.text()));
                case GROUP -> {
                    var parts = value(bare.parts());
                    yield new Known(parts.origin().container(), "");
                }
                case ATTRIBUTE ->
                    bare.dotted().startsWith("__torch__.")
                            ? literal(bare.dotted())
                            : attribute(value(bare.base()), bare.text());
                case INDEX -> {
                    value(bare.parts());
                    yield value(bare.base()).element();
                }
                case CALL -> call(bare);
                default -> Known.PASS;
            };
        }

        private Known attribute(Known object, String name) {
            if (object.origin() == Origin.PASS) {
                return Known.PASS;
            }
            if (name.equals("training")) {
                return Known.ATTRIBUTE.named("False");
            }
            var owner = code.find(object.name());
            var type = owner == null ? "" : owner.attributes().getOrDefault(name, "");
            return Known.ATTRIBUTE.named(type);
        }

        private Known call(Expression call) {
            var base = call.base();
            var given = new ArrayList<Known>();
            var named = new HashMap<String, Known>();
            for (var item : call.items()) {
                var parts = call.parts().stream()
                        .filter(part -> part.span().start() >= item.start())
                        .filter(part -> part.span().end() <= item.end())
                        .toList();
                boolean isNamed =
                        parts.size() > 1 && line.charAt(parts.get(0).span().end()) == '=';
                if (isNamed) {
                    named.put(parts.get(0).text(), value(parts.subList(1, parts.size())));
                } else {
                    given.add(value(parts));
                }
            }
            if (base.isName("getattr") && call.parts().size() > 1) {
                return attribute(given.get(0), call.parts().get(1).text());
            }
            var dotted = base.dotted();
            boolean isName = base.kind() == Expression.Kind.NAME;
            var function = code.function(isName ? value(base).name() : dotted);
            if (function != null) {
                return run(function, given, named);
            }
            if (base.kind() != Expression.Kind.ATTRIBUTE || dotted.matches("(torch|ops)\\..*")) {
                var holder = call.parts().isEmpty() ? call : call.parts().get(0);
                return operator(dotted, holder, given, named);
            }
            var object = value(base.base());
            var owner = code.find(object.name());
            var called = code.classes().stream()
                    .filter(type -> owner == null ? !type.isModule() : type.equals(owner))
                    .map(type -> type.methods().get(base.text()))
                    .filter(Objects::nonNull)
                    .toList();
            given.add(0, object);
            if (called.isEmpty()) { // libtorch takes operators as methods of any value, too
                return operator(base.text(), base.base(), given, named);
            }
            if (object.origin() != Origin.ATTRIBUTE) {
                given.forEach(value -> put(base.base(), object, value));
            }
            return Known.any(called.stream().map(one -> run(one, given, named)));
        }

        /**
         * Returns the result of one of PyTorch's operators.
         *
         * @param holder the first argument
         */
        private Known operator(String dotted, Expression holder, List<Known> given, Map<String, Known> named) {
            var name = dotted.substring(dotted.lastIndexOf('.') + 1);
            var first = given.isEmpty() ? named.getOrDefault("self", Known.PASS) : given.get(0);
            var all = Known.any(given.stream());
            var changed = name.startsWith("_foreach_")
                    ? first.origin().element()
                    : name.startsWith("set_") ? all.origin() : first.origin();
            boolean changes = changed == Origin.ATTRIBUTE
                    && AtenFunctions.CHANGES.matcher(name).matches();
            if (!changes && ADDITIONS.contains(name)) {
                put(holder, first, all);
            }
            if (changes || named.getOrDefault("out", Known.PASS).origin() != Origin.PASS) {
                throw changes();
            }
            boolean joins = name.equals("add") && given.stream().anyMatch(value -> value.origin() == Origin.CONTAINER);
            boolean isCopy = joins || COPIES.contains(name);
            var result = AtenFunctions.VIEWS.matcher(name).matches()
                    ? first.origin()
                    : ELEMENTS.contains(name)
                            ? first.origin().element()
                            : name.matches("annotate|unchecked_cast")
                                    ? all.origin()
                                    : isCopy ? all.origin().container() : Origin.PASS;
            return new Known(
                    result,
                    switch (name + " " + first.name()) {
                        case "__not__ False", "__is__ None" -> "True";
                        case "__not__ True", "__isnot__ None" -> "False";
                        default -> "";
                    });
        }
    }
}
