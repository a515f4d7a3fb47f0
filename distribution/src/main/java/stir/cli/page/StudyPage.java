package stir.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.Stir;

import java.nio.file.Path;
import java.util.Map;

/**
 * A study as one HTML file that needs no other: its tables and figures, the library that draws
 * them, and pictures of inputs. The same study gives the same bytes.
 *
 * @param html the file's text, in UTF-8
 * @param scores how many scores it shows
 * @param planned how many the study will have
 */
public record StudyPage(String html, int scores, int planned) {
    /**
     * Reads a study.
     *
     * @param folder that {@code stir matrix} has written; it may not be complete
     * @param measures those that are known, by id: they tell how values are read
     * @param gallery the most inputs that are shown of each reference layer; fewer of large images
     *     or many layers
     * @throws UsageException if the folder holds no study, or a study without any score
     * @throws stir.api.DataException if a file is damaged
     */
    public static StudyPage read(
            Path folder, Map<String, SimilarityMeasure> measures, int gallery) {
        var files = new StudyFiles(folder);
        var data = StudyData.of(files, measures);
        if (data.scores().isEmpty()) {
            throw new UsageException(
                    "%s has no score yet: let `stir matrix` go on with it first."
                            .formatted(folder));
        }
        var name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        var document = data.document(name);
        document.set("gallery", new Gallery(files, data, gallery).document());
        try {
            return new StudyPage(
                    PageTemplate.fill(
                            name, Stir.version(), new JsonMapper().writeValueAsString(document)),
                    data.scores().size(),
                    data.planned());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of values is always written", e);
        }
    }
}
