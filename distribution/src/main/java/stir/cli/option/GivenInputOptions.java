package stir.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import stir.api.UsageException;
import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;

/** The options that give the inputs of a network besides the searched one. */
public final class GivenInputOptions {
    @Option(
            names = "--input",
            paramLabel = "NAME=FILE|VALUE",
            description = "Side input (not searched), by its name in the model: an array with one row"
                    + " per input (NPY, or NPZ with an array of that name), or one value for all"
                    + " inputs. Repeatable.")
    List<String> given = new ArrayList<>();

    @Option(
            names = "--search-input",
            paramLabel = "NAME",
            description = "Input to search (default: the only floating-point input that is not given).")
    Optional<String> searched = Optional.empty();

    /** Returns these options, and others where these are not given. */
    GivenInputOptions over(GivenInputOptions others) {
        var merged = new GivenInputOptions();
        merged.given.addAll(others.given);
        merged.given.addAll(given);
        merged.searched = searched.or(() -> others.searched);
        return merged;
    }

    /**
     * Returns the inputs of the network.
     *
     * @throws UsageException if an option has another form
     * @throws stir.api.StirException if a file does not exist or can't be read
     */
    public ModelInputs inputs() {
        var values = new LinkedHashMap<String, GivenInput>();
        for (var text : given) {
            int name = text.indexOf('=');
            if (name < 1) {
                throw new UsageException(
                        "--input gives an input of the network that is not searched, as NAME=FILE or NAME=VALUE, not '%s'; --inputs names the inputs that are compared."
                                .formatted(text));
            }
            values.put(text.substring(0, name), GivenInput.parse(text.substring(name + 1), Path::of));
        }
        return new ModelInputs(searched, values);
    }
}
