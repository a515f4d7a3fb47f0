package stir.cli.option;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import stir.core.network.ModelInputs;
import stir.core.study.plan.StudiedModel;

/** The options that give inputs of an experiment's networks in addition to those in its file. */
public final class ModelInputOptions {
    @Option(
            names = "--input",
            paramLabel = "[MODEL:]NAME=FILE|VALUE",
            description = "Side input (not searched), by its name in the model: an array with one row"
                    + " per input (NPY, or NPZ with an array of that name), or one value for all"
                    + " inputs. A prefix MODEL: restricts it to one network. Repeatable.")
    List<String> given = new ArrayList<>();

    @Option(
            names = "--search-input",
            paramLabel = "[MODEL:]NAME",
            description = "Input to search, of all networks or of one (default: the only"
                    + " floating-point input that is not given). Repeatable.")
    List<String> searched = new ArrayList<>();

    /** Returns a model with these inputs in addition to its own. */
    StudiedModel over(StudiedModel model, Collection<String> names) {
        if (model.arrays().isPresent()) {
            return model;
        }
        var options = new GivenInputOptions();
        options.given.addAll(of(model, given, names));
        options.searched = of(model, searched, names).stream().reduce((first, last) -> last);
        var own = model.spec().inputs();
        var added = options.inputs();
        var all = new LinkedHashMap<>(own.given());
        all.putAll(added.given());
        Optional<String> name = added.searched().or(own::searched);
        return model.withSpec(model.spec().withInputs(new ModelInputs(name, all)));
    }

    /** Returns the texts for all models, and then those for one, without its name. */
    private static List<String> of(StudiedModel model, List<String> texts, Collection<String> names) {
        var start = model.name() + ":";
        var applicable = new ArrayList<String>();
        texts.stream()
                .filter(text -> names.stream().noneMatch(name -> text.startsWith(name + ":")))
                .forEach(applicable::add);
        texts.stream()
                .filter(text -> text.startsWith(start))
                .map(text -> text.substring(start.length()))
                .forEach(applicable::add);
        return applicable;
    }
}
