package stir.cli.report;

import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.io.files.JsonFile;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of a search, and its inputs, by the names of the options. */
final class SettingsDocument {
    private SettingsDocument() {}

    /** Inputs by their source, number and shape. */
    record Data(String source, int count, Shape shape) {}

    static Map<String, Object> of(InversionSettings settings) {
        var values = new LinkedHashMap<String, Object>();
        settings.describeContent()
                .forEach((name, value) -> values.put(name, JsonFile.plain(value)));
        return values;
    }

    static Data of(Inputs inputs) {
        return new Data(inputs.source(), inputs.count(), inputs.shape());
    }
}
