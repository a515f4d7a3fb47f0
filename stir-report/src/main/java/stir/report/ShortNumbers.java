package stir.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import stir.core.io.files.JsonFile;

/** A generator of JSON whose numbers have single precision, which halves a page of many scores. */
final class ShortNumbers extends JsonGeneratorDelegate {
    private ShortNumbers(JsonGenerator to) {
        super(to, /* delegateCopyMethods= */ false);
    }

    /** Returns a document as text. */
    static String json(Object document) {
        var text = new StringWriter();
        try (var generator = new ShortNumbers(JsonFile.writer().createGenerator(text))) {
            JsonFile.writer().writeValue(generator, document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public void writeNumber(double value) throws IOException {
        super.writeNumber((float) value);
    }
}
