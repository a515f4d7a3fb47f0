package stir.core.study.plan;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.network.NetworkSpec;

/**
 * A model of an experiment.
 *
 * @param name its name in results: letters, digits, dots, dashes and underscores, beginning with a
 *     letter or digit, because it names folders
 * @param spec the specification of the network; its layer is measured if {@code layers} is empty
 * @param layers the layers that are measured: names, or patterns in which {@code *} stands for any
 *     characters and {@code ?} for one; empty for the layer of {@code spec}
 * @param arrays the stored representations that replace a network; the file of {@code spec} is the
 *     first of them
 * @param factors the model's groups, by factor: networks of a group are a sample of it, for
 *     statements about groups; empty for a model that is in none. They change no score
 * @param head the file of its head, a network that maps the values of its only measured layer to
 *     its own outputs, for {@link stir.core.score.Stitching}
 * @since 0.1.0
 */
public record StudiedModel(
        String name,
        NetworkSpec spec,
        List<String> layers,
        Optional<StoredArrays> arrays,
        Map<String, String> factors,
        Optional<Path> head) {
    /** The factor of models whose group is named without one. */
    public static final String GROUP = "group";

    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** The separator of the names of references that are matched together. */
    private static final String AND = "+";

    /**
     * Checks the name.
     *
     * @throws UsageException if it can't name a folder
     */
    public StudiedModel {
        checkName(spec.references().isEmpty() ? name : name.replace(AND, ""));
        layers = List.copyOf(layers);
        factors = Collections.unmodifiableMap(new LinkedHashMap<>(factors));
    }

    /**
     * Creates a model that is measured at the layer of its specification, or its default.
     *
     * @param name its name in results
     * @param spec the specification of the network
     */
    public static StudiedModel of(String name, NetworkSpec spec) {
        return new StudiedModel(name, spec, List.of(), Optional.empty(), Map.of(), Optional.empty());
    }

    /**
     * Creates a model of a file that is measured at its default layer.
     *
     * @param name its name in results
     * @param file the file or folder of the network
     */
    public static StudiedModel of(String name, Path file) {
        return of(name, NetworkSpec.of(file));
    }

    /** Returns a copy that is measured at other layers: names or patterns. */
    public StudiedModel withLayers(List<String> others) {
        return new StudiedModel(name, spec, others, arrays, factors, head);
    }

    /** Returns a copy with another specification of its network. */
    public StudiedModel withSpec(NetworkSpec other) {
        return new StudiedModel(name, other, layers, arrays, factors, head);
    }

    /** Returns a copy in a group of the factor {@link #GROUP} alone. */
    public StudiedModel withGroup(String group) {
        return withFactors(Map.of(GROUP, group));
    }

    /** Returns a copy in other groups, by factor. */
    public StudiedModel withFactors(Map<String, String> others) {
        return new StudiedModel(name, spec, layers, arrays, others, head);
    }

    /** Returns a copy with a head, by its file. */
    public StudiedModel withHead(Path file) {
        return new StudiedModel(name, spec, layers, arrays, factors, Optional.of(file));
    }

    /** Returns the specification of the head, which has the resources of the network. */
    public Optional<NetworkSpec> headSpec() {
        return head.map(file -> NetworkSpec.of(file).withResources(spec.resources()));
    }

    /**
     * Returns the problem of models in groups of different factors, of which one is probably
     * misspelt; empty if both have the same ones.
     */
    public Optional<String> factorProblem(StudiedModel other) {
        var expected = other.factors.keySet();
        for (var factor : factors.keySet()) {
            if (!expected.contains(factor)) {
                return Optional.of("%s All models with factors need those of '%s'."
                        .formatted(NearestNames.sentence("factor", factor, expected), other.name));
            }
        }
        return expected.stream()
                .filter(factor -> !factors.containsKey(factor))
                .map(factor -> "The model '%s' has no factor '%s': all models with factors need those of '%s'."
                        .formatted(name, factor, other.name))
                .findFirst();
    }

    /** Returns the name of references that are matched together. */
    public static String jointName(List<String> names) {
        return String.join(AND, names);
    }

    /** Returns whether a name joins references that are matched together. */
    public static boolean isJoint(String name) {
        return name.contains(AND);
    }

    /** Checks a name that becomes a folder's. */
    public static void checkName(String name) {
        if (!NAMES.matcher(name).matches()) {
            throw new UsageException(
                    "'%s' can't be a name: use letters, digits, '.', '-' and '_', and begin with a letter or digit."
                            .formatted(name));
        }
    }
}
