package stir.core.study.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.io.files.ExistingPath;

/** A value of an experiment file. Reading it as another type adds a problem and returns nothing. */
final class YamlValue {
    private final Node node;
    private final String path;
    private final FileProblems problems;

    YamlValue(Node node, String path, FileProblems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        problems.remember(path, node);
    }

    /** Returns the same value under another path, for later lookups. */
    YamlValue named(String other) {
        return new YamlValue(node, other, problems);
    }

    boolean isSection() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Returns whether this is the given word. */
    boolean is(String word) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    void problem(String sentence) {
        problems.add(node, sentence);
    }

    /** Returns one word or number. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar) {
            if (!scalar.getValue().isBlank()) {
                return Optional.of(scalar.getValue());
            }
            problem("'%s' has no value: add one, or remove the line.".formatted(lastOfPath()));
        } else {
            problem("'%s' is one value, not a %s.".formatted(lastOfPath(), isList() ? "list" : "section"));
        }
        return Optional.empty();
    }

    /**
     * Returns words for people. A number, a date or a truth value in YAML is most probably a
     * problem.
     */
    Optional<String> words() {
        if (node instanceof ScalarNode scalar
                && !scalar.getValue().isBlank()
                && !scalar.getTag().equals(Tag.STR)) {
            problem("'%s' is a text, but this is %s: put it into quotes if it is meant."
                    .formatted(lastOfPath(), scalar.getValue()));
            return Optional.empty();
        }
        return text();
    }

    private String lastOfPath() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /**
     * Parses the text.
     *
     * @param parser the function; throws a {@link UsageException} for invalid texts
     */
    <T> Optional<T> parse(Function<String, T> parser) {
        return text().flatMap(text -> attempt(() -> parser.apply(text)));
    }

    /** Returns the constant of an enum whose name it is. */
    <E extends Enum<E>> Optional<E> word(Class<E> type, String noun) {
        return parse(text -> Words.parse(type, noun, text));
    }

    /** Returns an existing path, relative to a folder. */
    Optional<Path> existing(Path folder) {
        return parse(text -> ExistingPath.in(folder, text));
    }

    /** Returns a result; empty, with a problem, if it is invalid. */
    <T> Optional<T> attempt(Supplier<T> result) {
        try {
            return Optional.of(result.get());
        } catch (UsageException e) {
            problem(e.getMessage());
        } catch (InvalidPathException e) {
            problem("'%s' is not the name of a file or folder.".formatted(lastOfPath()));
        }
        return Optional.empty();
    }

    /** Returns an integer. */
    Optional<Integer> whole() {
        return parse(text -> number(text, Integer::valueOf, "is not an integer of a usual size"));
    }

    /**
     * Returns the result of an integer.
     *
     * @param maker the function; throws a {@link UsageException} for invalid values
     */
    <T> Optional<T> whole(IntFunction<T> maker) {
        return whole().flatMap(number -> attempt(() -> maker.apply(number)));
    }

    /** Returns a number. */
    Optional<Double> decimal() {
        return parse(text -> number(text, Double::valueOf, "is not a number"));
    }

    private <T> T number(String text, Function<String, T> parser, String otherwise) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new UsageException("%s: '%s' %s.".formatted(lastOfPath(), text, otherwise), e);
        }
    }

    /** Returns the items of a list; a single value counts as a list with one item. */
    List<YamlValue> list() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(this);
        }
        var values = new ArrayList<YamlValue>();
        for (var item : sequence.getValue()) {
            values.add(new YamlValue(item, path + "[" + values.size() + "]", problems));
        }
        if (values.isEmpty()) {
            problem("'%s' is an empty list: add at least one element.".formatted(lastOfPath()));
        }
        return values;
    }

    /** Returns the texts of a list. */
    List<String> texts() {
        return texts(YamlValue::text);
    }

    /**
     * Returns the texts of a list.
     *
     * @param each the reader of one of them
     */
    List<String> texts(Function<YamlValue, Optional<String>> each) {
        return list().stream().map(each).flatMap(Optional::stream).collect(Collectors.toList());
    }

    /**
     * Returns a section with keys.
     *
     * @param noun its name in messages
     * @param known the possible keys
     */
    Optional<YamlSection> section(String noun, List<String> known) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(YamlSection.of(mapping, path, noun, known, problems));
        }
        problem("Here should be %s, a section with keys (%s), but this is %s."
                .formatted(noun, String.join(", ", known), isList() ? "a list" : "a single value"));
        return Optional.empty();
    }

    /**
     * Returns a section with any keys as values.
     *
     * @param noun its name in messages
     * @param read the reader of one of them
     */
    <T> Map<String, T> byKey(String noun, Function<YamlValue, Optional<T>> read) {
        var entries = new LinkedHashMap<String, T>();
        if (node instanceof MappingNode mapping) {
            var section = YamlSection.of(mapping, path, noun, List.of(), problems);
            for (var key : section.keys()) {
                section.value(key).flatMap(read).ifPresent(value -> entries.put(key, value));
            }
        } else {
            problem("%s is a section: write 'key: value' lines below it.".formatted(noun));
        }
        return entries;
    }

    /** Returns the numbers of a list at a key; none if there is no such key. */
    static List<Double> decimals(YamlSection keys, String key) {
        return keys.value(key).stream()
                .flatMap(value -> value.list().stream())
                .flatMap(value -> value.decimal().stream())
                .toList();
    }
}
