package stir.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import stir.api.UsageException;
import stir.core.Stir;
import stir.core.study.StoredStudy;

import java.nio.file.Path;

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
     * @param folder that a study or a score is stored in; it may not be complete
     * @param gallery the most inputs that are shown of each reference layer; fewer of large images
     *     or many layers
     * @throws UsageException if the folder holds no study, or a study without any score
     * @throws stir.api.DataException if a file is damaged
     */
    public static StudyPage read(Path folder, int gallery) {
        var data = new StudyData(StoredStudy.open(folder));
        if (data.scores().isEmpty()) {
            throw new UsageException(
                    "%s has no score yet: run the command that made it to its end (an inversion alone has no page)."
                            .formatted(folder));
        }
        var name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        var document = data.document(name);
        document.set("gallery", new Gallery(data, gallery).document());
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
