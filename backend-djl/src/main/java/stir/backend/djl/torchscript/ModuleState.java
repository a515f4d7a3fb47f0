package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A check that no pass changes what the next one reads: attributes of modules, constants, and views
 * and elements of them. It follows values through all methods and functions that {@code forward}
 * reaches, without branches that run in training alone or that the constants of a call exclude.
 */
final class ModuleState {
    private static final int MAX_DEPTH = 100;

    /** Operators that change their first argument; {@code detach_} leaves the values alone. */
    private static final Pattern CHANGES =
            Pattern.compile(
                    "(?!detach_|requires_grad_).*[a-z0-9]_"
                            + "|_set_item|Delete|setattr|set_data|append|extend|insert|pop|popitem"
                            + "|remove|clear|reverse|update|setdefault");

    /** Operators whose result shares the memory of their first argument, or is that argument. */
    private static final Pattern VIEWS =
            Pattern.compile(
                    "_?(reshape|view|conj|neg_view|unsafe_view|unwrap_optional)(_as.*|_alias)?"
                            + "|alias|as_strided|detach|data|expand(_as)?|contiguous|flatten"
                            + "|(unsafe_|tensor_|.)?(split|chunk)(_with_sizes)?|unflatten|ravel"
                            + "|imag|real|lift.*|m[TH]|numpy_T|adjoint|matrix_H|move(axis|dim)"
                            + "|narrow|permute|positive|resolve_.*|rename|refine_names|align_.*"
                            + "|select|slice|squeeze|swap(axes|dims)|t|to|type_as|cpu|cuda"
                            + "|transpose|unbind|unfold|unsqueeze|diagonal|broadcast_.*"
                            + "|atleast_.*|meshgrid|(feature_)?(alpha_)?dropout|.*[a-z0-9]_");

    /** Functions whose result is new, and contains the elements of their first argument. */
    private static final Set<String> COPIES = Set.of("list", "dict", "copy", "values", "items");

    private static final Set<String> ELEMENTS = Set.of("get", "pop", "popitem", "setdefault");

    /** Operators that put their other arguments into the first. */
    private static final Set<String> ADDITIONS =
            Set.of("append", "extend", "insert", "_set_item", "setdefault", "update");

    /** Where a value comes from. */
    private enum Origin {
        PASS,
        /** A list or an object of this pass that contains an attribute. */
        CONTAINER,
        /** An attribute, a constant, or a view or an element of one. */
        ATTRIBUTE;

        Origin or(Origin other) {
            return compareTo(other) < 0 ? other : this;
        }

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
     * @param constant {@code True}, {@code False}, {@code None} or the full name of a function, as
     *     far as that is known, otherwise empty
     */
    private record Known(Origin origin, String constant) {
        static final Known PASS = of(Origin.PASS);

        static Known of(Origin origin) {
            return new Known(origin, "");
        }

        Known or(Known other) {
            return new Known(
                    origin.or(other.origin), constant.equals(other.constant) ? constant : "");
        }
    }

    private record Context(ScriptMethod method, List<Known> arguments) {}

    private final ScriptNetwork network;
    private final Map<Context, Known> results = new HashMap<>();
    private int depth;

    private ModuleState(ScriptNetwork network) {
        this.network = network;
    }

    /**
     * Checks a network.
     *
     * @throws SourceException if a pass may change an attribute or a constant
     */
    static void check(ScriptNetwork network) {
        var self = Map.of(network.forward().self(), Known.of(Origin.ATTRIBUTE));
        new ModuleState(network).run(network.root(), network.forward(), self);
    }

    /** Returns the result of a method for arguments by the names of its parameters. */
    private Known run(@Nullable ScriptClass owner, ScriptMethod method, Map<String, Known> given) {
        var names = new HashMap<>(Map.of("CONSTANTS", Known.of(Origin.ATTRIBUTE)));
        names.put(method.self(), given.getOrDefault(method.self(), Known.PASS));
        var arguments = new ArrayList<>(List.of(given.getOrDefault(method.self(), Known.PASS)));
        for (var parameter : method.parameters()) {
            var otherwise = literal(parameter.declaration().replaceFirst(".*=", "").strip());
            var value = given.getOrDefault(parameter.name(), otherwise);
            names.put(parameter.name(), value);
            arguments.add(value);
        }
        var context = new Context(method, arguments);
        var known = results.putIfAbsent(context, Known.PASS);
        if (known != null) {
            return known;
        }
        if (++depth > MAX_DEPTH) {
            throw new SourceException("its functions nest too deeply");
        }
        var run = new Run(owner, method, names);
        results.put(context, run.result());
        depth--;
        return run.result;
    }

    private static Known literal(String text) {
        boolean isKnown = Set.of("True", "False", "None").contains(text);
        return new Known(Origin.PASS, isKnown || text.startsWith("__torch__.") ? text : "");
    }

    /** One method with given arguments. */
    private final class Run {
        private final @Nullable ScriptClass owner;
        private final ScriptMethod method;
        private final Map<String, Known> names;
        private Known result = Known.PASS;
        private int statement;
        private int number;
        private String line = "";

        Run(@Nullable ScriptClass owner, ScriptMethod method, Map<String, Known> names) {
            this.owner = owner;
            this.method = method;
            this.names = names;
        }

        /** Reads all lines until nothing new is known, since a loop reads what it has assigned. */
        Known result() {
            Map<String, Known> before;
            do {
                before = Map.copyOf(names);
                for (statement = 0; statement < method.body().size(); statement++) {
                    lines(method.body().get(statement).lines());
                }
            } while (!before.equals(names));
            return result;
        }

        private void lines(List<String> lines) {
            var conditions = new HashMap<Integer, String>();
            int skipped = Integer.MAX_VALUE;
            for (number = 0; number < lines.size(); number++) {
                line = lines.get(number);
                int indent = line.length() - line.stripLeading().length();
                if (indent > skipped) {
                    continue;
                }
                skipped = Integer.MAX_VALUE;
                var parsed = Expression.parse(line);
                var word = parsed.isEmpty() ? "" : parsed.get(0).text();
                var rest = parsed.subList(Math.min(1, parsed.size()), parsed.size());
                switch (word) {
                    case "if" -> {
                        var condition = value(rest).constant();
                        conditions.put(indent, condition);
                        skipped = condition.equals("False") ? indent : skipped;
                    }
                    case "else" ->
                            skipped = "True".equals(conditions.get(indent)) ? indent : skipped;
                    case "return" -> result = Known.of(result.origin().or(value(rest).origin()));
                    case "for" -> {
                        var elements = Known.of(value(rest).origin().element());
                        assign(parsed.get(Math.min(1, parsed.size() - 1)), elements);
                    }
                    default -> statement(parsed);
                }
            }
        }

        /** Reads an assignment, or an expression alone. */
        private void statement(List<Expression> parsed) {
            for (int i = 1; i < parsed.size(); i++) {
                int after = parsed.get(i - 1).span().end();
                var sign =
                        line.substring(after, parsed.get(i).span().start()).replaceAll("[, ]", "");
                if (sign.endsWith("=") && !sign.matches("[=!<>]=")) {
                    var value = value(parsed.subList(i, parsed.size()));
                    boolean typed = line.startsWith(" : ", parsed.get(0).span().end());
                    var targets = parsed.subList(0, typed ? 1 : i);
                    boolean single = targets.size() == 1 && line.charAt(after) != ',';
                    var assigned = single ? value : Known.of(value.origin().element());
                    for (var target : targets) {
                        if (sign.length() > 1 && value(target).origin() == Origin.ATTRIBUTE) {
                            throw changes();
                        }
                        assign(target, assigned);
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
                    "export it without state, for example by torch.jit.trace");
        }

        private void assign(Expression target, Known value) {
            if (target.kind() == Expression.Kind.NAME) {
                names.merge(target.text(), value, Known::or);
            } else if (target.kind() == Expression.Kind.GROUP) {
                target.parts().forEach(part -> assign(part, Known.of(value.origin().element())));
            } else {
                put(target.base(), value(target.base()).origin(), value.origin());
            }
        }

        /** Puts a value into an object or a list. */
        private void put(Expression holder, Origin origin, Origin value) {
            if (origin == Origin.ATTRIBUTE) {
                throw changes();
            }
            var name = holder.unwrapped();
            if (name.kind() == Expression.Kind.NAME && value != Origin.PASS) {
                names.merge(name.text(), Known.of(value.container()), Known::or);
            }
        }

        private Known value(List<Expression> alternatives) {
            return alternatives.stream().map(this::value).reduce(Known::or).orElse(Known.PASS);
        }

        private Known value(Expression expression) {
            var bare = expression.unwrapped();
            return switch (bare.kind()) {
                case NAME -> names.getOrDefault(bare.text(), literal(bare.text()));
                case GROUP -> Known.of(value(bare.parts()).origin().container());
                case ATTRIBUTE -> {
                    var origin = value(bare.base()).origin().element();
                    boolean mode = origin != Origin.PASS && bare.text().equals("training");
                    yield new Known(origin, mode ? "False" : literal(bare.dotted()).constant());
                }
                case INDEX -> {
                    value(bare.parts());
                    yield Known.of(value(bare.base()).origin().element());
                }
                case CALL -> call(bare);
                default -> Known.PASS;
            };
        }

        private Known call(Expression call) {
            var given = new ArrayList<Known>();
            var named = new HashMap<String, Known>();
            for (var item : call.items()) {
                var parts =
                        call.parts().stream()
                                .filter(part -> part.span().start() >= item.start())
                                .filter(part -> part.span().end() <= item.end())
                                .toList();
                boolean isNamed = parts.size() > 1 && line.charAt(parts.get(0).span().end()) == '=';
                var value = value(isNamed ? parts.subList(1, parts.size()) : parts);
                if (isNamed) {
                    named.put(parts.get(0).text(), value);
                } else {
                    given.add(value);
                }
            }
            var base = call.base();
            var dotted = base.dotted();
            var name = base.kind() == Expression.Kind.NAME ? value(base).constant() : dotted;
            var function = network.code().function(name);
            if (function != null) {
                return run(null, function, arguments(function, given, named));
            }
            if (base.kind() != Expression.Kind.ATTRIBUTE || dotted.matches("(torch|ops)\\..*")) {
                return operator(dotted, call, given, named);
            }
            var object = value(base.base());
            given.add(0, object);
            var places = places(call);
            if (places.isEmpty()) { // libtorch takes operators as methods of any value, too
                return operator(base.text(), call, given, named);
            }
            if (object.origin() != Origin.ATTRIBUTE) {
                given.forEach(value -> put(base.base(), object.origin(), value.origin()));
            }
            return places.stream()
                    .map(
                            place ->
                                    run(
                                            place.owner(),
                                            place.method(),
                                            arguments(place.method(), given, named)))
                    .reduce(Known.PASS, Known::or);
        }

        /** Returns the methods that a call may run: all of that name for an unknown object. */
        private List<ModuleCalls.Place> places(Expression call) {
            for (var known : network.calls().of(method)) {
                if (owner != null
                        && known.statement() == statement
                        && known.line() == number
                        && known.expression().span().equals(call.span())) {
                    var place = network.calls().called(owner, known);
                    if (place != null) {
                        return List.of(place);
                    }
                }
            }
            return network.code().methods(call.base().text());
        }

        private Map<String, Known> arguments(
                ScriptMethod called, List<Known> given, Map<String, Known> named) {
            var arguments = new HashMap<>(named);
            for (int i = 0; i < Math.min(given.size(), called.parameters().size() + 1); i++) {
                arguments.put(
                        i == 0 ? called.self() : called.parameters().get(i - 1).name(),
                        given.get(i));
            }
            return arguments;
        }

        /** Returns the result of one of PyTorch's operators. */
        private Known operator(
                String dotted, Expression call, List<Known> given, Map<String, Known> named) {
            var name = dotted.substring(dotted.lastIndexOf('.') + 1);
            var first = given.isEmpty() ? named.getOrDefault("self", Known.PASS) : given.get(0);
            var origins = given.stream().map(Known::origin).reduce(Origin.PASS, Origin::or);
            var changed =
                    name.startsWith("_foreach_")
                            ? first.origin().element()
                            : name.startsWith("set_") ? origins : first.origin();
            boolean changes = changed == Origin.ATTRIBUTE && CHANGES.matcher(name).matches();
            if (changes || named.getOrDefault("out", Known.PASS).origin() != Origin.PASS) {
                throw changes();
            }
            if (ADDITIONS.contains(name) && !call.parts().isEmpty()) {
                var holder = dotted.contains(".") ? call.parts().get(0) : call.base().base();
                put(holder, first.origin(), origins);
            }
            return switch (name) {
                case "annotate", "unchecked_cast" -> Known.of(origins);
                case "getattr" -> Known.of(first.origin().element());
                case "__not__" ->
                        literal(
                                first.constant().equals("False")
                                        ? "True"
                                        : first.constant().equals("True") ? "False" : "");
                case "__is__", "__isnot__" -> {
                    boolean isNone = first.constant().equals("None");
                    yield literal(!isNone ? "" : name.equals("__is__") ? "True" : "False");
                }
                default -> {
                    boolean joins =
                            name.equals("add")
                                    && given.stream().anyMatch(v -> v.origin() == Origin.CONTAINER);
                    yield Known.of(
                            VIEWS.matcher(name).matches()
                                    ? first.origin()
                                    : ELEMENTS.contains(name)
                                            ? first.origin().element()
                                            : COPIES.contains(name) || joins
                                                    ? origins.container()
                                                    : Origin.PASS);
                }
            };
        }
    }
}
