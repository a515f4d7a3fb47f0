package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;

/** What was asked for, by the names of the options. */
final class SettingsDocument {
    private SettingsDocument() {}

    static ObjectNode of(InversionSettings settings) {
        var node = JsonDocument.object();
        settings.describeContent().forEach((name, value) -> put(node, name, value));
        return node;
    }

    private static void put(ObjectNode node, String name, Object value) {
        if (value instanceof Boolean truth) {
            node.put(name, truth);
        } else if (value instanceof Integer number) {
            node.put(name, number);
        } else if (value instanceof Long number) {
            node.put(name, number);
        } else if (value instanceof Double number) {
            node.put(name, number);
        } else {
            node.put(name, value.toString());
        }
    }

    static ObjectNode of(Inputs inputs) {
        var node = JsonDocument.object();
        node.put("source", inputs.source());
        node.put("count", inputs.count());
        node.set("shape", JsonDocument.shape(inputs.shape()));
        return node;
    }
}
