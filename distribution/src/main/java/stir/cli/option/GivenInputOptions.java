package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The options that give the inputs of a network besides the searched one. */
public final class GivenInputOptions {
    @Option(
            names = "--input",
            paramLabel = "NAME=FILE|VALUE",
            description =
                    "Input of the network that is not searched, by its name in the model: an array"
                            + " with one row per input (NPY, or NPZ with an array of that name), or"
                            + " one value for all inputs. Repeatable.")
    Map<String, String> given = new LinkedHashMap<>();

    @Option(
            names = "--search-input",
            paramLabel = "NAME",
            description =
                    "Input of the network that is searched (default: the only floating-point one"
                            + " that is not given).")
    Optional<String> searched = Optional.empty();

    /** Returns these options, and others where these are not given. */
    GivenInputOptions over(GivenInputOptions others) {
        var merged = new GivenInputOptions();
        merged.given.putAll(others.given);
        merged.given.putAll(given);
        merged.searched = searched.or(() -> others.searched);
        return merged;
    }

    /**
     * Returns the inputs of the network.
     *
     * @throws stir.api.StirException if a file does not exist or can't be read
     */
    public ModelInputs inputs() {
        var values = new LinkedHashMap<String, GivenInput>();
        given.forEach((name, text) -> values.put(name, GivenInput.parse(text, Path::of)));
        return new ModelInputs(searched, values);
    }
}
