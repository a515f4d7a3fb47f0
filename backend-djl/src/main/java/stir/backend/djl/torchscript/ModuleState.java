package stir.backend.djl.torchscript;

import stir.backend.djl.libtorch.AtenFunctions;
import stir.backend.djl.libtorch.SourceException;

import java.util.ArrayList;
import java.util.HashMap;
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
 * <p>A module may fill one cache: set an attribute or an element of a dictionary to a fixed value,
 * under a condition on set attributes alone.
 */
final class ModuleState {
    private static final int MAX_DEPTH = 100;

    /** Functions whose result is new, and contains the elements of their first argument. */
    private static final Set<String> COPIES = Set.of("list", "dict", "copy", "values", "items");

    /**
     * Functions whose result does not depend on the values of an input, nor on the number of inputs
     * if that is the first dimension of what they are asked about.
     */
    private static final Set<String> FACTS = Set.of("size", "dim", "device", "dtype");

    /** The function that returns all sizes, of which the first is the number of inputs. */
    private static final String SIZES = "size";

    /** A place in a list of sizes, or a dimension, that is not the first, of any number of them. */
    private static final Pattern LATER = Pattern.compile("[1-9]\\d*|-1");

    /** Functions whose result is not the same for the same arguments. */
    private static final Pattern RANDOM =
            Pattern.compile(
                    "(new_)?empty.*|resize.*|rand.*|(log_)?normal(_functional|_)?|uniform_"
                            + "|bernoulli.*|multinomial|poisson|binomial|exponential_|geometric_"
                            + "|cauchy_|.*dropout_?|rrelu.*|time");

    /** A statement that sets an attribute, or an element of a list or a dictionary. */
    private static final Pattern SET =
            Pattern.compile(" *\\w+\\.(\\w+) = .*|.*torch\\._set_item\\(.*");

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

    /** The last of these that a value depends on: nothing, attributes that are set, or inputs. */
    private enum Source {
        FIXED,
        STATE,
        INPUT
    }

    /**
     * A value.
     *
     * @param name {@code True}, {@code False}, {@code None}, a number, {@link #SIZES} of an input,
     *     or the full name of a function or of an object's class, as far as that is known,
     *     otherwise empty
     */
    private record Known(Origin origin, Source source, String name) {
        static final Known PASS = new Known(Origin.PASS, Source.FIXED, "");
        static final Known INPUT = new Known(Origin.PASS, Source.INPUT, "");
        static final Known ATTRIBUTE = PASS.as(Origin.ATTRIBUTE);

        Known as(Origin other) {
            return new Known(other, source, "");
        }

        Known named(String other) {
            return new Known(origin, source, other);
        }

        boolean isContainer() {
            return origin == Origin.CONTAINER;
        }

        Known element() {
            return as(origin.element());
        }

        /** Returns an element, or several; the first size of an input may change. */
        Known element(boolean isFirst) {
            return name.equals(SIZES) && !isFirst ? PASS : element();
        }

        Known or(Known other) {
            return new Known(
                    later(origin, other.origin),
                    later(source, other.source),
                    name.equals(other.name) ? name : "");
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
        network.forward().parameters().forEach(unused -> given.add(Known.INPUT));
        new ModuleState(network.code()).run(network.forward(), given, Map.of());
    }

    private static <T extends Enum<T>> T later(T one, T other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** Returns the places of a class that set something: the attribute's name, or "". */
    private static List<String> sets(ScriptClass type) {
        return type.methods().values().stream()
                .flatMap(method -> method.body().stream())
                .flatMap(statement -> statement.lines().stream())
                .map(SET::matcher)
                .filter(Matcher::matches)
                .map(set -> set.group(1) == null ? "" : set.group(1))
                .toList();
    }

    /** Returns the result of a method for its first arguments, and others by their names. */
    private Known run(ScriptMethod method, List<Known> given, Map<String, Known> named) {
        var names = new HashMap<>(Map.of("CONSTANTS", Known.ATTRIBUTE));
        names.put(method.self(), given.isEmpty() ? Known.PASS : given.get(0));
        for (int i = 0; i < method.parameters().size(); i++) {
            var parameter = method.parameters().get(i);
            var otherwise = literal(parameter.declaration().replaceFirst(".*=", "").strip());
            var value =
                    i + 1 < given.size()
                            ? given.get(i + 1)
                            : named.getOrDefault(parameter.name(), otherwise);
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
        var result = new Run(method, names).result();
        results.put(context, result);
        depth--;
        return result;
    }

    private static boolean isLater(Known place) {
        return LATER.matcher(place.name()).matches();
    }

    private static Known literal(String text) {
        boolean isKnown = text.matches("True|False|None|__torch__\\..*");
        return Known.PASS.named(isKnown ? text : "");
    }

    /** One method with given arguments. */
    private final class Run {
        private final ScriptMethod method;
        private final Map<String, Known> names;
        private Known result = Known.PASS;
        private String line = "";

        /** The conditions around a line, by their indentation. */
        private final TreeMap<Integer, Known> conditions = new TreeMap<>();

        Run(ScriptMethod method, Map<String, Known> names) {
            this.method = method;
            this.names = names;
        }

        /** Reads all lines until nothing new is known, since a loop reads what it has assigned. */
        Known result() {
            Map<String, Known> before;
            do {
                before = Map.copyOf(names);
                method.body().forEach(statement -> read(statement.lines()));
            } while (!before.equals(names));
            return result;
        }

        private void read(List<String> lines) {
            int skipped = Integer.MAX_VALUE;
            for (var next : lines) {
                line = next;
                int indent = line.length() - line.stripLeading().length();
                if (indent > skipped) {
                    continue;
                }
                conditions.tailMap(indent, !line.endsWith("else:")).clear();
                var parsed = Expression.parse(line);
                var word = parsed.isEmpty() ? "" : parsed.get(0).text();
                var rest = parsed.subList(Math.min(1, parsed.size()), parsed.size());
                var excluded = "False";
                switch (word) {
                    case "if" -> conditions.put(indent, value(rest));
                    case "else" -> excluded = "True";
                    case "return" -> result = result.or(value(rest));
                    case "for" -> {
                        conditions.put(indent, Known.INPUT); // it may run any number of times
                        assign(parsed.get(Math.min(1, parsed.size() - 1)), value(rest).element());
                    }
                    case "while" -> conditions.put(indent, value(rest).or(Known.INPUT));
                    default -> statement(parsed);
                }
                var condition = conditions.getOrDefault(indent, Known.PASS);
                skipped = condition.name().equals(excluded) ? indent : Integer.MAX_VALUE;
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
                    for (var target : targets) {
                        boolean isFirst = target.equals(targets.get(0));
                        if (sign.length() > 1 && value(target).origin() == Origin.ATTRIBUTE) {
                            throw changes();
                        }
                        assign(target, single ? value : value.element(isFirst));
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
            var owner = code.find(names.getOrDefault(method.self(), Known.PASS).name());
            return owner != null
                    && set.source() == Source.FIXED
                    && Known.any(conditions.values().stream()).source() == Source.STATE
                    && sets(owner).size() == 1;
        }

        /** Puts a value into an object or a list. */
        private void put(Expression holder, Known object, Known value) {
            if (object.origin() == Origin.ATTRIBUTE) {
                throw changes();
            }
            var name = holder.unwrapped();
            if (name.kind() == Expression.Kind.NAME) {
                var content = value.as(value.origin().container()).named(object.name());
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
                    yield parts.as(parts.origin().container());
                }
                case ATTRIBUTE ->
                        bare.dotted().startsWith("__torch__.")
                                ? literal(bare.dotted())
                                : attribute(value(bare.base()), bare.text());
                case INDEX -> {
                    var index = value(bare.parts());
                    var element = value(bare.base()).element(!isLater(index));
                    yield index.as(Origin.PASS).or(element);
                }
                case CALL -> call(bare);
                case NUMBER -> {
                    int start = bare.span().start();
                    boolean isNegative = start > 0 && line.charAt(start - 1) == '-';
                    yield Known.PASS.named((isNegative ? "-" : "") + bare.text());
                }
                default -> Known.PASS;
            };
        }

        private Known attribute(Known object, String name) {
            if (object.origin() == Origin.PASS) {
                return object.as(Origin.PASS);
            }
            if (name.equals("training")) {
                return Known.ATTRIBUTE.named("False");
            }
            var owner = code.find(object.name());
            var type = owner == null ? "" : owner.attributes().getOrDefault(name, "");
            boolean isFixed =
                    owner != null
                            && !type.isEmpty()
                            && !type.startsWith("Dict")
                            && !sets(owner).contains(name);
            var source = later(object.source(), isFixed ? Source.FIXED : Source.STATE);
            return new Known(Origin.ATTRIBUTE, source, type);
        }

        private Known call(Expression call) {
            var base = call.base();
            var given = new ArrayList<Known>();
            var named = new HashMap<String, Known>();
            for (var item : call.items()) {
                var parts =
                        call.parts().stream()
                                .filter(part -> part.span().start() >= item.start())
                                .filter(part -> part.span().end() <= item.end())
                                .toList();
                boolean isNamed = parts.size() > 1 && line.charAt(parts.get(0).span().end()) == '=';
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
            var called =
                    code.classes().stream()
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
        private Known operator(
                String dotted, Expression holder, List<Known> given, Map<String, Known> named) {
            var name = dotted.substring(dotted.lastIndexOf('.') + 1);
            var first = given.isEmpty() ? named.getOrDefault("self", Known.PASS) : given.get(0);
            var all = Known.any(given.stream());
            var changed =
                    name.startsWith("_foreach_")
                            ? first.origin().element()
                            : name.startsWith("set_") ? all.origin() : first.origin();
            boolean changes =
                    changed == Origin.ATTRIBUTE && AtenFunctions.CHANGES.matcher(name).matches();
            if (changes && name.equals("_set_item")) {
                changes = !fillsCache(Known.any(given.stream().skip(1)));
            } else if (!changes && ADDITIONS.contains(name)) {
                put(holder, first, all);
            }
            if (changes || named.getOrDefault("out", Known.PASS).origin() != Origin.PASS) {
                throw changes();
            }
            boolean joins = name.equals("add") && given.stream().anyMatch(Known::isContainer);
            boolean isCopy = joins || COPIES.contains(name);
            var result =
                    AtenFunctions.VIEWS.matcher(name).matches()
                            ? first.origin()
                            : ELEMENTS.contains(name)
                                    ? first.origin().element()
                                    : name.matches("annotate|unchecked_cast")
                                            ? all.origin()
                                            : isCopy ? all.origin().container() : Origin.PASS;
            var source = Known.any(named.values().stream()).or(all).source();
            boolean hasFirst = given.size() < 2 || !isLater(given.get(1));
            boolean isSlice = name.equals("slice") && first.name().equals(SIZES);
            boolean isOfSizes = isSlice || name.equals(SIZES);
            boolean isFact =
                    (isSlice || FACTS.contains(name))
                            && source == Source.INPUT
                            && !(isOfSizes && hasFirst);
            return new Known(
                    result,
                    RANDOM.matcher(name).matches() ? Source.INPUT : isFact ? Source.FIXED : source,
                    switch (name + " " + first.name()) {
                        case "__not__ False", "__is__ None" -> "True";
                        case "__not__ True", "__isnot__ None" -> "False";
                        default ->
                                name.equals(SIZES) && source == Source.INPUT && given.size() == 1
                                        ? SIZES
                                        : "";
                    });
        }
    }
}
