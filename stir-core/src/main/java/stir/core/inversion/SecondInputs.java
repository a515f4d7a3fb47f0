package stir.core.inversion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import stir.api.UsageException;
import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;

/**
 * The inputs of the second network of a search, as they are written: files are not read before the
 * network is opened. Immutable.
 *
 * @param searched the name of the input that receives the searched one; empty for the only
 *     floating-point input that is not given
 * @param given the files or values of the other inputs, by their names in the model
 * @since 0.1.0
 */
public record SecondInputs(Optional<String> searched, Map<String, String> given) {
    /** The inputs of a network with a single input. */
    public static final SecondInputs ONE = new SecondInputs(Optional.empty(), Map.of());

    /** Copies the map. */
    public SecondInputs {
        given = Map.copyOf(given);
    }

    /**
     * Parses the files or values in a text such as {@code mask=mask.npy,types=0}, by their names.
     *
     * @throws UsageException if a part has another form
     */
    static Map<String, String> parse(String text) {
        var given = new TreeMap<String, String>();
        for (var part : parts(text)) {
            var sides = part.split("=", 2);
            if (sides.length < 2 || sides[0].isBlank() || sides[1].isBlank()) {
                throw new UsageException("'%s' is not NAME=FILE or NAME=VALUE.".formatted(part.strip()));
            }
            given.put(sides[0].strip(), sides[1].strip());
        }
        return given;
    }

    /** Returns the parts of a text, which commas separate; a comma within a path does not. */
    public static List<String> parts(String text) {
        return List.of(text.split(",(?=[^,=/\\\\]*(?:=|,|$))", -1));
    }

    /** Returns the text of inputs by their names. */
    static String text(Map<?, ?> given, UnaryOperator<String> value) {
        var parts = new ArrayList<String>();
        for (var one : new TreeMap<>(given).entrySet()) {
            parts.add(one.getKey() + "=" + value.apply(String.valueOf(one.getValue())));
        }
        return String.join(",", parts);
    }

    /** Returns the file that the text of an input names; empty for a value. */
    static Optional<Path> file(String text) {
        return GivenInput.isValue(text) ? Optional.empty() : Optional.of(Path.of(text));
    }

    /**
     * Reads the inputs.
     *
     * @throws stir.api.StirException if a file does not exist or can't be read
     */
    ModelInputs read() {
        var values = new LinkedHashMap<String, GivenInput>();
        given.forEach((name, text) -> values.put(name, GivenInput.parse(text, Path::of)));
        return new ModelInputs(searched, values);
    }
}
