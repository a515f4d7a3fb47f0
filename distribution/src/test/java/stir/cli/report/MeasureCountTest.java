package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import stir.api.SimilarityMeasure;

class MeasureCountTest {
    private static List<String> builtIn() {
        return ServiceLoader.load(SimilarityMeasure.class).stream()
                .filter(provider -> provider.type().getPackageName().equals("stir.core.measure"))
                .map(provider -> provider.get().id())
                .sorted()
                .toList();
    }

    @Test
    void documentsStateTheNumberOfMeasures() throws IOException {
        int count = builtIn().size();
        for (var page : List.of("../CHANGELOG.md", "docs/searches.md")) {
            var text = Files.readString(Path.of(page));
            var stated = Pattern.compile("\\b" + count + " (similarity )?measures");
            assertTrue(stated.matcher(text).find(), page + " does not state " + count);
        }
    }
}
