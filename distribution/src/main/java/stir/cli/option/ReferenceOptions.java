package stir.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import stir.api.UsageException;
import stir.core.network.FurtherReference;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;

/** The options of further references, which each search matches besides the searched network. */
public final class ReferenceOptions {
    @Option(
            names = "--reference",
            paramLabel = "MODEL",
            description = "Additional reference: each search finds X' that the searched network and"
                    + " this one represent as they represent X. Network options without -a or -b"
                    + " apply to it. Repeatable.")
    List<Path> models = List.of();

    @Option(
            names = "--reference-layer",
            paramLabel = "NAME",
            split = ",",
            description = "Layer of each additional reference (default: the last before its classifier).")
    List<String> layers = List.of();

    @Option(
            names = "--reference-weights",
            paramLabel = "W",
            split = ",",
            description = "Weights of the relative distances: first the searched network's, then those"
                    + " of additional references (default: equal weights).")
    List<Double> weights = List.of();

    /** Returns the files of the further networks. */
    public List<Path> models() {
        return models;
    }

    /**
     * Returns the further references.
     *
     * @throws UsageException if there are more or fewer layers or weights, or a weight is not above
     *     0
     */
    public List<FurtherReference> references(NetworkOptions options, MachineOptions machine) {
        if (models.isEmpty() && !(layers.isEmpty() && weights.isEmpty())) {
            throw new UsageException("--reference-layer and --reference-weights require --reference.");
        }
        if (!layers.isEmpty() && layers.size() != models.size()) {
            throw new UsageException(
                    "There are %d layers for %d additional references: specify one --reference-layer for each."
                            .formatted(layers.size(), models.size()));
        }
        var specs = new ArrayList<NetworkSpec>();
        for (int i = 0; i < models.size(); i++) {
            specs.add(options.spec(models.get(i), machine)
                    .withLayers(layers.isEmpty() ? List.of() : List.of(new SearchedLayer(layers.get(i), 1))));
        }
        return FurtherReference.of(specs, weights);
    }
}
