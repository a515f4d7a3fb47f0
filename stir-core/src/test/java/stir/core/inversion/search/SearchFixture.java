package stir.core.inversion.search;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import stir.api.Batch;
import stir.api.Model;
import stir.api.Shape;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.ProgressListener;

/**
 * A search on a network in plain Java, by one thread in passes of up to 100 rows unless it is
 * changed. Immutable: each {@code with} method returns a copy.
 */
public record SearchFixture(
        Model model,
        Inputs inputs,
        InversionSettings settings,
        int threads,
        int batchSize,
        ProgressListener listener,
        Optional<Rows> starts) {
    /** A search on random inputs. */
    public static SearchFixture of(DenseNetwork model, Shape shape, InversionSettings settings, int count) {
        return of(model, new Noise(count, shape), settings);
    }

    /** A search on given inputs. */
    public static SearchFixture of(Model model, Inputs inputs, InversionSettings settings) {
        return new SearchFixture(model, inputs, settings, 1, 100, ProgressListener.SILENT, Optional.empty());
    }

    public SearchFixture withThreads(int other) {
        return new SearchFixture(model, inputs, settings, other, batchSize, listener, starts);
    }

    public SearchFixture withBatchSize(int other) {
        return new SearchFixture(model, inputs, settings, threads, other, listener, starts);
    }

    public SearchFixture withListener(ProgressListener other) {
        return new SearchFixture(model, inputs, settings, threads, batchSize, other, starts);
    }

    public SearchFixture withStarts(Rows other) {
        return new SearchFixture(model, inputs, settings, threads, batchSize, listener, Optional.of(other));
    }

    /** Runs the search. */
    public Inversion invert() {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(threads);
        try (var network = Network.of("dense", "", "test", model, spec);
                var searched =
                        SearchedNetworks.of(network, inputs, batchSize, settings, SearchedObjectives.NO_NETWORKS)) {
            var terms = TermCatalogue.ofApplication();
            return new Inverter(settings, searched, inputs, terms, starts).invert(listener);
        }
    }

    /** Random inputs in memory. */
    public record Noise(int count, Shape shape) implements Inputs {
        @Override
        public InputFacts facts() {
            return InputFacts.of("noise", count).withLabels(index -> OptionalInt.of(index % 3));
        }

        @Override
        public void read(int index, Batch into, int row) {
            var random = new Random(1000 + index);
            for (int i = 0; i < shape.size(); i++) {
                into.set(row, i, random.nextFloat());
            }
        }
    }
}
