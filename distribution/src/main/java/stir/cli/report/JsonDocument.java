package stir.cli.report;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import stir.core.io.files.JsonFile;

/**
 * A JSON document.
 *
 * @param root the record that is written
 * @param oneLine whether it is written on one line
 */
public record JsonDocument(Object root, boolean oneLine) {
    private static final Separators SPACED = Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEntrySpacing(Separators.Spacing.AFTER)
            .withArrayValueSpacing(Separators.Spacing.AFTER);

    /** Returns a document of several lines. */
    static JsonDocument of(Object root) {
        return new JsonDocument(root, false);
    }

    /** Returns the document as it is written, with a line end after the last line. */
    public String toJson() {
        var printer = new DefaultPrettyPrinter(SPACED);
        if (oneLine) {
            printer = printer.withObjectIndenter(DefaultPrettyPrinter.NopIndenter.instance);
        }
        return JsonFile.text(JsonFile.writer().with(printer), root) + "\n";
    }
}
