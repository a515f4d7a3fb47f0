package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.files.JsonFile;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;

/** What was asked for, by the names of the options. */
final class SettingsDocument {
    private SettingsDocument() {}

    static ObjectNode of(InversionSettings settings) {
        var node = JsonDocument.object();
        settings.describeContent().forEach((name, value) -> JsonFile.put(node, name, value));
        return node;
    }

    static ObjectNode of(Inputs inputs) {
        var node = JsonDocument.object();
        node.put("source", inputs.source());
        node.put("count", inputs.count());
        node.set("shape", JsonDocument.shape(inputs.shape()));
        return node;
    }
}
