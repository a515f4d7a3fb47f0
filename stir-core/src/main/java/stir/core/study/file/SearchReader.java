package stir.core.study.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.inversion.SearchProblem;
import stir.core.inversion.SecondInputs;
import stir.core.io.files.ExistingPath;
import stir.core.network.GivenInput;
import stir.core.study.plan.StudiedSearch;

/**
 * The reader of the searches of an experiment file. Their keys are {@code name} and the words of
 * {@link SearchOption}.
 *
 * @param folder the folder to which paths are relative
 * @param settings the settings that arguments ask for
 */
record SearchReader(Path folder, ArgumentsParser settings) {
    /** The settings of arguments; empty if there are problems, which the consumer receives. */
    @FunctionalInterface
    interface ArgumentsParser {
        Optional<InversionSettings> of(SearchArguments given, Consumer<SearchProblem> problems);
    }

    private static final String NAME = "name";

    /** Creates a reader of searches with any settings. */
    SearchReader(Path folder) {
        this(folder, SearchArguments::settings);
    }

    /**
     * Reads a search or a list of searches. Problems are reported to the values; a search with
     * problems is omitted.
     */
    List<StudiedSearch> searches(YamlValue value) {
        var searches = new LinkedHashMap<String, StudiedSearch>();
        var names = new HashSet<String>();
        var known = new ArrayList<String>(List.of(NAME));
        Arrays.stream(SearchOption.values()).map(SearchOption::word).forEach(known::add);
        for (var item : value.list()) {
            item.section("a search", known)
                    .flatMap(keys -> {
                        var search = search(item, keys);
                        search.map(StudiedSearch::name)
                                .or(() -> keys.value(NAME).flatMap(YamlValue::text))
                                .ifPresent(name -> addName(item, name, names));
                        return search;
                    })
                    .ifPresent(search -> searches.putIfAbsent(search.name(), search));
        }
        return List.copyOf(searches.values());
    }

    /**
     * Reports a duplicate name, even if the other search has problems, so users see all problems at
     * once.
     */
    private static void addName(YamlValue item, String name, Set<String> names) {
        if (!names.add(name)) {
            item.problem("Duplicate search '%s': give each a unique 'name'.".formatted(name));
        }
    }

    private Optional<StudiedSearch> search(YamlValue item, YamlSection keys) {
        var words = new EnumMap<SearchOption, String>(SearchOption.class);
        boolean complete = true;
        for (var option : SearchOption.values()) {
            var value = keys.value(option.word());
            if (value.isPresent()) {
                var word = word(option, value.get());
                word.ifPresent(text -> words.put(option, text));
                complete &= word.isPresent();
            }
        }
        var inversion = settings.of(
                SearchArguments.of(words),
                problem -> keys.value(problem.option().word()).orElse(item).problem(problem.toString()));
        return complete ? inversion.flatMap(search -> named(item, keys, search)) : Optional.empty();
    }

    /**
     * Returns the text of an option's value, with paths resolved; empty if it has a problem, which
     * is reported.
     */
    private Optional<String> word(SearchOption option, YamlValue value) {
        return switch (option.kind()) {
            case LIST -> Optional.of(String.join(",", value.texts()));
            case NAMED_FILES -> Optional.of(named(option, value));
            case FILE -> value.existing(folder).map(Path::toString);
            case VALUE_OR_FILE ->
                value.parse(text -> {
                    var file = folder.resolve(text);
                    return Files.exists(file) ? file.toString() : text;
                });
            case FLAG, YES_OR_NO, VALUE -> value.text();
        };
    }

    /**
     * Returns the entries of a section, or of texts such as NAME=FILE, with paths resolved and
     * joined by commas.
     */
    private String named(SearchOption option, YamlValue value) {
        var parts = value.isSection()
                ? value.byKey("'%s'".formatted(option.word()), one -> one.parse(this::path)).entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                : value.texts().stream()
                        .flatMap(text -> SecondInputs.parts(text).stream())
                        .flatMap(text -> value.attempt(() -> part(text)).stream());
        return parts.collect(Collectors.joining(","));
    }

    private String part(String part) {
        int name = part.indexOf('=') + 1; // 0 without a name, which is refused later
        return name == 0 ? part : part.substring(0, name) + path(part.substring(name));
    }

    private String path(String text) {
        return GivenInput.isValue(text) ? text : ExistingPath.in(folder, text).toString();
    }

    private static Optional<StudiedSearch> named(YamlValue item, YamlSection keys, InversionSettings settings) {
        return item.attempt(() -> {
            try {
                return keys.value(NAME)
                        .flatMap(YamlValue::text)
                        .map(name -> new StudiedSearch(name, settings))
                        .orElseGet(() -> StudiedSearch.of(settings));
            } catch (UsageException e) {
                throw new UsageException("search: " + e.getMessage(), e);
            }
        });
    }
}
