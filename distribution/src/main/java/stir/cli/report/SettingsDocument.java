package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;

/** What was asked for, by the names of the options. */
final class SettingsDocument {
    private SettingsDocument() {}

    static ObjectNode of(InversionSettings settings) {
        return JsonDocument.object()
                .put("optimizer", settings.optimizer().toString())
                .put("iterations", settings.iterations())
                .put("tolerance", settings.tolerance())
                .put("seed", settings.seed().text())
                .put("rng-seed", settings.rngSeed())
                .put("norm", settings.norm().toString())
                .put("batch-size", settings.batchSize())
                .put("fake-relu", settings.fakeRelu());
    }

    static ObjectNode of(Inputs inputs) {
        var node = JsonDocument.object();
        node.put("source", inputs.source());
        node.put("count", inputs.count());
        node.set("shape", JsonDocument.shape(inputs.shape()));
        return node;
    }
}
