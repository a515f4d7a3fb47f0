package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.core.LoadOptions;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.study.results.Comparison;

/** Searches of small networks of arrays, whose inputs are files of a folder. */
abstract class ArraySearches {
    static final Path MODELS =
            Path.of("..", "backend-djl", "src", "test", "resources", "stir", "backend", "djl", "inputs");

    @TempDir
    Path folder;

    final Stir stir = Stir.load(
            LoadOptions.DEFAULT.withCache(Path.of("target", "native-cache").toAbsolutePath()));

    static Batch array(String name) {
        try (var reader = NpyReader.open(MODELS.resolve("inputs.npz"), name)) {
            var rows = Batch.allocate(reader.count(), reader.rowShape());
            for (int row = 0; row < rows.rows(); row++) {
                reader.read(row, rows, row);
            }
            return rows;
        }
    }

    Path write(String name, Batch rows) {
        var file = folder.resolve(name + ".npy");
        try (var writer = new NpyWriter(file, rows.rows(), rows.rowShape())) {
            writer.write(rows);
        }
        return file;
    }

    Inversion invert(NetworkSpec spec, Inputs inputs, Optimizer optimizer) {
        try (var network = stir.open(spec)) {
            var settings = InversionSettings.of(optimizer.method()).withIterations(60);
            return stir.invert(network, inputs, settings);
        }
    }

    static float[] invariant(Inversion inversion) {
        return inversion.invariantInputs().read(0, inversion.count()).toArray();
    }

    /** Returns the score; 1 if so few inputs define none. */
    static double value(Comparison comparison) {
        var estimate =
                comparison.bGivenA().measures().values().iterator().next().stir();
        return estimate.value().orElse(1);
    }

    /** Asserts that a search came near; the published steps have one length and do not settle. */
    static void assertFound(Inversion inversion, Optimizer optimizer) {
        double most = optimizer == Optimizer.PUBLISHED ? 0.9 : 0.1;
        assertTrue(inversion.meanResidual() < most, "residual " + inversion.meanResidual());
    }
}
