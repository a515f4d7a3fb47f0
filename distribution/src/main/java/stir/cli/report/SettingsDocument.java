package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.io.files.JsonFile;
import stir.core.study.store.PlanDocument;

/** The settings of a search, and its inputs, by the keys of the options. */
final class SettingsDocument {
    private SettingsDocument() {}

    /** Inputs by their source, number, shape and, if it is not [0,1], range. */
    record InputsDocument(String source, int count, Shape shape, Optional<String> range) {}

    static Map<String, Object> of(InversionSettings settings) {
        var values = new LinkedHashMap<String, Object>();
        settings.describeContent().forEach((name, value) -> values.put(PlanDocument.key(name), JsonFile.plain(value)));
        return values;
    }

    static InputsDocument of(Inputs inputs) {
        return new InputsDocument(
                inputs.facts().source(),
                inputs.count(),
                inputs.shape(),
                inputs.facts().range().stored());
    }

    /** Returns a line about the range of inputs; empty if it is [0,1]. */
    static String rangeText(Inputs inputs) {
        return inputs.facts().range().isUnit()
                ? ""
                : Paragraph.hanging(
                        "range   ",
                        "values searched in %s; distances in shares of it."
                                .formatted(inputs.facts().range()));
    }
}
