package stir.core.study;

import stir.api.UsageException;
import stir.core.inversion.Rival;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the second network of a search.
 *
 * @param folder what its file is relative to
 * @param keys the search's section
 */
record RivalReader(Path folder, YamlSection keys) {
    private static final String CONTROVERSIAL = "controversial";
    private static final String FACTOR = "controversial-factor";
    private static final String ATTACK = "cka-attack";
    private static final String LAYER = "second-layer";
    private static final String MEAN = "second-mean";
    private static final String DEVIATION = "second-std";

    /** Its keys, which are the command line's options. */
    static final List<String> KEYS = List.of(CONTROVERSIAL, FACTOR, ATTACK, LAYER, MEAN, DEVIATION);

    /**
     * The second network; empty if none is asked for.
     *
     * @param item where mistakes are noted
     */
    Optional<Rival> rival(YamlValue item) {
        var asked = KEYS.stream().filter(key -> keys.value(key).isPresent()).toList();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        var controversial = file(CONTROVERSIAL);
        var attack = file(ATTACK);
        var factor = keys.value(FACTOR).flatMap(YamlValue::decimal);
        return item.attempt(
                        () -> {
                            check(asked);
                            return controversial
                                    .map(
                                            model ->
                                                    Rival.controversial(
                                                            model,
                                                            factor.orElse(Rival.DEFAULT_FACTOR)))
                                    .or(() -> attack.map(Rival::cka))
                                    .map(this::detailed);
                        })
                .flatMap(found -> found);
    }

    private Optional<Path> file(String key) {
        return keys.value(key).flatMap(value -> value.parse(text -> ExistingPath.in(folder, text)));
    }

    private static void check(List<String> asked) {
        boolean controversial = asked.contains(CONTROVERSIAL);
        boolean attack = asked.contains(ATTACK);
        if (controversial && attack) {
            throw new UsageException(
                    "controversial and cka-attack are two objectives: take one of them.");
        }
        if (!controversial && (!attack || asked.contains(FACTOR))) {
            throw new UsageException(
                    "%s is for a second network: add controversial%s."
                            .formatted(
                                    asked.get(asked.size() - 1), attack ? "" : " or cka-attack"));
        }
    }

    private Rival detailed(Rival rival) {
        var normalised =
                rival.withNormalisation(
                        YamlValue.decimals(keys, MEAN), YamlValue.decimals(keys, DEVIATION));
        return keys.value(LAYER)
                .flatMap(YamlValue::text)
                .map(normalised::withLayer)
                .orElse(normalised);
    }
}
