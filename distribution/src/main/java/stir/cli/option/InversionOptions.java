package stir.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.inversion.SearchProblem;
import stir.core.score.Protocol;

/** The options of the search for invariant inputs, one per {@link SearchOption}. */
@Command // picocli mixes in a class without option fields only if it is annotated
public final class InversionOptions {
    /**
     * Options that are usual in a file only: accepted here and listed for programs, but not in the
     * help.
     */
    private static final Set<SearchOption> HIDDEN = Set.of(
            SearchOption.SECOND_LAYER,
            SearchOption.SECOND_MEAN,
            SearchOption.SECOND_STD,
            SearchOption.SECOND_SEARCH_INPUT);

    private final Map<SearchOption, OptionSpec> options = new EnumMap<>(SearchOption.class);

    /** Adds the options to the command into which they are mixed. */
    @Spec(Spec.Target.MIXEE)
    void addTo(CommandSpec command) {
        for (var option : SearchOption.values()) {
            var spec = spec(option);
            options.put(option, spec);
            command.addOption(spec);
        }
    }

    private static OptionSpec spec(SearchOption option) {
        var names = option.names().stream().map(InversionOptions::dashed);
        var spec = OptionSpec.builder(names.toArray(String[]::new))
                .description(option.help(InversionOptions::dashed))
                .paramLabel(option.label())
                .hidden(HIDDEN.contains(option));
        return switch (option.kind()) {
            case FLAG -> spec.type(boolean.class).build();
            case YES_OR_NO ->
                spec.type(Boolean.class)
                        .arity("0")
                        .negatable(true)
                        .fallbackValue("true")
                        .build();
            case LIST, NAMED_FILES ->
                spec.type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1")
                        .splitRegex(",")
                        .build();
            case FILE -> spec.type(Path.class).arity("1").build();
            case VALUE, VALUE_OR_FILE -> spec.type(String.class).arity("1").build();
        };
    }

    private static String dashed(String name) {
        return "--" + name;
    }

    /** Returns the given values by option. */
    private SearchArguments words() {
        var words = new EnumMap<SearchOption, String>(SearchOption.class);
        for (var option : options.entrySet()) {
            Object value = option.getValue().getValue();
            if (value instanceof List<?> list) {
                var all = list.stream().map(String::valueOf).collect(Collectors.joining(","));
                words.put(option.getKey(), all);
            } else if (value != null) {
                words.put(option.getKey(), value.toString());
            }
        }
        return SearchArguments.of(words);
    }

    /**
     * Returns the settings that the options describe.
     *
     * @throws UsageException if a value is invalid, or options conflict
     */
    public InversionSettings settings() {
        return settings(SearchArguments::settings);
    }

    /**
     * Returns the settings of a protocol.
     *
     * @param kind the kind of the inputs
     * @throws UsageException if a value is invalid or not the protocol's
     */
    public InversionSettings settings(Protocol protocol, InputsSpec.Kind kind) {
        return settings((given, problems) -> protocol.search(kind, given, problems));
    }

    private InversionSettings settings(
            BiFunction<SearchArguments, Consumer<SearchProblem>, Optional<InversionSettings>> parser) {
        var problems = new ArrayList<SearchProblem>();
        return parser.apply(words(), problems::add)
                .orElseThrow(() -> new UsageException(problems.get(0).sentence(option -> dashed(option.word()))));
    }
}
