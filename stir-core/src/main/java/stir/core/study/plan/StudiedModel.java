package stir.core.study.plan;

import stir.api.UsageException;
import stir.core.network.NetworkSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
 * @since 0.1.0
 */
public record StudiedModel(
        String name, NetworkSpec spec, List<String> layers, Optional<StoredArrays> arrays) {
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
    }

    /**
     * Creates a model that is measured at the layer of its specification, or its default.
     *
     * @param name its name in results
     * @param spec the specification of the network
     */
    public static StudiedModel of(String name, NetworkSpec spec) {
        return new StudiedModel(name, spec, List.of(), Optional.empty());
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
        return new StudiedModel(name, spec, others, arrays);
    }

    /** Returns a copy with another specification of its network. */
    public StudiedModel withSpec(NetworkSpec other) {
        return new StudiedModel(name, other, layers, arrays);
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
