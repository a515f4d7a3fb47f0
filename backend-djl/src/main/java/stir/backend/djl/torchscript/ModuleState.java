package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import stir.backend.djl.libtorch.AtenFunctions;
import stir.backend.djl.libtorch.SourceException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A check that no pass changes what the next one reads: attributes of modules, constants, and views
 * and elements of them. It follows values through all methods and functions that {@code forward}
 * reaches, without branches that run in training alone or that the constants of a call exclude.
 *
 * <p>A module may fill one cache: set an attribute or an element of a dictionary to what neither
 * inputs' values nor set attributes determine, under a condition on set attributes alone.
 */
final class ModuleState {
    private static final int MAX_DEPTH = 100;

    /** Functions whose result is new, and contains the elements of their first argument. */
    private static final Set<String> COPIES = Set.of("list", "dict", "copy", "values", "items");

    /** Functions whose result does not depend on the values of their argument. */
    private static final Set<String> FACTS = Set.of("size", "dim", "numel", "device", "dtype");

    /** A statement that sets an attribute, or an element of a list or a dictionary. */
    private static final Pattern SET =
            Pattern.compile(" *\\w+\\.(\\w+) = .*|.*torch\\._set_item\\(.*");

    private static final Set<String> ELEMENTS = Set.of("get", "pop", "popitem", "setdefault");

    /** Operators that put their other arguments into the first. */
    private static final Set<String> ADDITIONS =
            Set.of("append", "extend", "insert", "_set_item", "setdefault", "update");

    /** The origin of a value. */
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
     * @param ofInputs whether the values of inputs determine it
     * @param ofState whether an attribute that is set, or a dictionary, determines it
     */
    private record Known(Origin origin, String constant, boolean ofInputs, boolean ofState) {
        static final Known PASS = new Known(Origin.PASS, "", false, false);
        static final Known ATTRIBUTE = PASS.as(Origin.ATTRIBUTE);

        Known as(Origin other) {
            return new Known(other, "", ofInputs, ofState);
        }

        Known element() {
            return as(origin.element());
        }

        Known or(Known other) {
            return new Known(
                    origin.or(other.origin),
                    constant.equals(other.constant) ? constant : "",
                    ofInputs || other.ofInputs,
                    ofState || other.ofState);
        }
    }

    private record Context(ScriptMethod method, List<Known> arguments) {}

    /** The condition of a loop: it may run any number of times. */
    private static final Known LOOP = new Known(Origin.PASS, "", true, true);

    private final ScriptNetwork network;
    private final Set<String> state = new HashSet<>();
    private final Map<Context, Known> results = new HashMap<>();
    private int depth;

    private ModuleState(ScriptNetwork network) {
        this.network = network;
        for (var type : network.code().classes()) {
            type.attributes()
                    .forEach(
                            (name, declared) ->
                                    state.addAll(
                                            declared.startsWith("Dict") ? Set.of(name) : Set.of()));
            sets(type).filter(Objects::nonNull).forEach(state::add);
        }
    }

    /** Returns the places of a class that set something: the attribute's name, or null. */
    private static Stream<@Nullable String> sets(ScriptClass type) {
        return type.methods().values().stream()
                .flatMap(method -> method.body().stream())
                .flatMap(statement -> statement.lines().stream())
                .map(SET::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1));
    }

    /**
     * Checks a network.
     *
     * @throws SourceException if a pass may change an attribute or a constant
     */
    static void check(ScriptNetwork network) {
        var given = new HashMap<String, Known>();
        given.put(network.forward().self(), Known.ATTRIBUTE);
        for (var parameter : network.forward().parameters()) {
            given.put(parameter.name(), new Known(Origin.PASS, "", true, false));
        }
        new ModuleState(network).run(network.root(), network.forward(), given);
    }

    /** Returns the result of a method for arguments by the names of its parameters. */
    private Known run(@Nullable ScriptClass owner, ScriptMethod method, Map<String, Known> given) {
        var names = new HashMap<>(Map.of("CONSTANTS", Known.ATTRIBUTE));
        var self = given.getOrDefault(method.self(), Known.PASS);
        names.put(method.self(), self);
        var arguments = new ArrayList<>(List.of(self));
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
        var result = new Run(owner, method, names).result();
        results.put(context, result);
        depth--;
        return result;
    }

    private static Known literal(String text) {
        boolean isKnown = Set.of("True", "False", "None").contains(text);
        return new Known(
                Origin.PASS, isKnown || text.startsWith("__torch__.") ? text : "", false, false);
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

        /** The conditions around a line, by their indentation. */
        private final TreeMap<Integer, Known> conditions = new TreeMap<>();

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
            int skipped = Integer.MAX_VALUE;
            for (number = 0; number < lines.size(); number++) {
                line = lines.get(number);
                int indent = line.length() - line.stripLeading().length();
                if (indent > skipped) {
                    continue;
                }
                skipped = Integer.MAX_VALUE;
                conditions.tailMap(indent, !line.endsWith("else:")).clear();
                var parsed = Expression.parse(line);
                var word = parsed.isEmpty() ? "" : parsed.get(0).text();
                var rest = parsed.subList(Math.min(1, parsed.size()), parsed.size());
                switch (word) {
                    case "if" -> {
                        var condition = value(rest);
                        conditions.put(indent, condition);
                        skipped = condition.constant().equals("False") ? indent : skipped;
                    }
                    case "else" ->
                            skipped =
                                    conditions
                                                    .getOrDefault(indent, Known.PASS)
                                                    .constant()
                                                    .equals("True")
                                            ? indent
                                            : skipped;
                    case "return" -> result = result.or(value(rest));
                    case "for" -> {
                        conditions.put(indent, LOOP);
                        assign(parsed.get(Math.min(1, parsed.size() - 1)), value(rest).element());
                    }
                    case "while" -> conditions.put(indent, value(rest).or(LOOP));
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
                    var assigned = single ? value : value.element();
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
                target.parts().forEach(part -> assign(part, value.element()));
            } else if (!target.base().isName(method.self()) || !fillsCache(value)) {
                put(target.base(), value(target.base()), value);
            }
        }

        /**
         * Returns whether a statement that sets a fixed value, if there is none yet, is the only
         * one of its class.
         */
        private boolean fillsCache(Known set) {
            var condition = conditions.values().stream().reduce(Known.PASS, Known::or);
            return owner != null
                    && !(set.ofInputs() || set.ofState() || condition.ofInputs())
                    && condition.ofState()
                    && sets(owner).count() == 1;
        }

        /** Puts a value into an object or a list. */
        private void put(Expression holder, Known object, Known value) {
            if (object.origin() == Origin.ATTRIBUTE) {
                throw changes();
            }
            var name = holder.unwrapped();
            if (name.kind() == Expression.Kind.NAME) {
                names.merge(name.text(), value.as(value.origin().container()), Known::or);
            }
        }

        private Known value(List<Expression> alternatives) {
            return alternatives.stream().map(this::value).reduce(Known::or).orElse(Known.PASS);
        }

        private Known value(Expression expression) {
            var bare = expression.unwrapped();
            return switch (bare.kind()) {
                case NAME -> names.getOrDefault(bare.text(), literal(bare.text()));
                case GROUP -> {
                    var parts = value(bare.parts());
                    yield parts.as(parts.origin().container());
                }
                case ATTRIBUTE -> {
                    var held = value(bare.base()).element();
                    boolean mode = held.origin() != Origin.PASS && bare.text().equals("training");
                    yield new Known(
                            held.origin(),
                            mode ? "False" : literal(bare.dotted()).constant(),
                            held.ofInputs(),
                            held.ofState() || isState(bare));
                }
                case INDEX -> {
                    var element = value(bare.base()).element();
                    yield value(bare.parts()).as(Origin.PASS).or(element);
                }
                case CALL -> call(bare);
                default -> Known.PASS;
            };
        }

        /** Returns whether an attribute is set, holds entries that are, or is of unknown type. */
        private boolean isState(Expression attribute) {
            return state.contains(attribute.text())
                    || (owner != null
                            && attribute.base().isName(method.self())
                            && !owner.attributes().containsKey(attribute.text()));
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
                given.forEach(value -> put(base.base(), object, value));
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

        /**
         * Returns the methods that a call may run; of all classes but modules if that is unknown.
         */
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
            var name = call.base().text();
            var object = call.base().base().unwrapped();
            var declared =
                    method.parameters().stream()
                            .filter(parameter -> object.isName(parameter.name()))
                            .map(parameter -> network.code().find(parameter.type()))
                            .filter(Objects::nonNull)
                            .toList();
            var types = new ArrayList<>(declared);
            if (types.isEmpty()) {
                types.addAll(network.code().classes());
                types.removeIf(ScriptClass::isModule);
            }
            return types.stream()
                    .filter(type -> type.methods().containsKey(name))
                    .map(type -> new ModuleCalls.Place(type, type.methods().get(name)))
                    .toList();
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
            var all = given.stream().reduce(Known.PASS, Known::or);
            var changed =
                    name.startsWith("_foreach_")
                            ? first.origin().element()
                            : name.startsWith("set_") ? all.origin() : first.origin();
            boolean changes =
                    changed == Origin.ATTRIBUTE && AtenFunctions.CHANGES.matcher(name).matches();
            if (changes && name.equals("_set_item")) {
                changes = !fillsCache(given.stream().skip(1).reduce(Known.PASS, Known::or));
            } else if (!changes && ADDITIONS.contains(name) && !call.parts().isEmpty()) {
                var holder = dotted.contains(".") ? call.parts().get(0) : call.base().base();
                put(holder, first, all);
            }
            if (changes || named.getOrDefault("out", Known.PASS).origin() != Origin.PASS) {
                throw changes();
            }
            boolean joins =
                    name.equals("add")
                            && given.stream().anyMatch(v -> v.origin() == Origin.CONTAINER);
            var result =
                    switch (name) {
                        case "annotate", "unchecked_cast" -> all.origin();
                        case "getattr" -> first.origin().element();
                        default ->
                                AtenFunctions.VIEWS.matcher(name).matches()
                                        ? first.origin()
                                        : ELEMENTS.contains(name)
                                                ? first.origin().element()
                                                : COPIES.contains(name) || joins
                                                        ? all.origin().container()
                                                        : Origin.PASS;
                    };
            boolean isFact = FACTS.contains(name);
            var sources = named.values().stream().reduce(all, Known::or);
            return new Known(
                    result,
                    constant(name, first.constant()),
                    sources.ofInputs() && !isFact,
                    sources.ofState() && !(isFact && first.origin() == Origin.PASS));
        }

        private static String constant(String operator, String first) {
            return switch (operator + " " + first) {
                case "__not__ False", "__is__ None" -> "True";
                case "__not__ True", "__isnot__ None" -> "False";
                default -> "";
            };
        }
    }
}
