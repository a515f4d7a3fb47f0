package stir.report;

import java.nio.file.Path;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.study.StoredStudy;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.StudyFolder;

/**
 * A study as one HTML file that needs no other: its tables and figures, the library that draws
 * them, and pictures of inputs. The same study gives the same bytes.
 *
 * <pre>{@code
 * Files.writeString(Path.of("report.html"), StudyPage.read(PageRequest.of(folder)).html());
 * }</pre>
 *
 * @param html the file's text, in UTF-8
 * @param shown the number of scores that it shows; of similarities without a search
 * @param planned their number in the complete study
 * @param noun the noun for them
 * @since 0.1.0
 */
public record StudyPage(String html, int shown, int planned, String noun) {
    /**
     * Reads a study.
     *
     * @throws UsageException if a folder holds no study, or a study without any result, or two
     *     studies share no score
     * @throws stir.api.DataException if a file is damaged
     */
    public static StudyPage read(PageRequest request) {
        var folder = request.folder();
        var against = request.against();
        var study = StoredStudy.open(folder);
        var plan = new StudyFolder(folder).stored().orElseThrow();
        var data = new StudyData(study, plan);
        if (data.stored() == 0 || (against.isPresent() && data.scores().isEmpty())) {
            throw withoutScore(folder, study);
        }
        var name = name(folder, 1);
        var other = against.map(StudyPage::scored);
        var sideBySide = new SideBySide(study, other)
                .document(against.map(path -> otherName(path, name)).orElse(""));
        var document =
                data.document(name, sideBySide, new Gallery(data, request.gallery(), request.vocabulary()).document());
        return new StudyPage(
                PageTemplate.fill(
                        study.about().title().orElse(title(plan, name)), Stir.version(), ShortNumbers.json(document)),
                data.stored(),
                data.planned(),
                study.runs().isEmpty() ? "similarities" : "scores");
    }

    /** Returns a title: the two networks of a score, or the name of the folder. */
    private static String title(PlanDocument plan, String name) {
        return plan.isOfTwo() && plan.models().size() == 2
                ? plan.models().get(0).name() + " and " + plan.models().get(1).name()
                : name;
    }

    /** Opens a study that has a score. */
    private static StoredStudy scored(Path folder) {
        var study = StoredStudy.open(folder);
        if (study.scores().isEmpty()) {
            throw withoutScore(folder, study);
        }
        return study;
    }

    private static UsageException withoutScore(Path folder, StoredStudy study) {
        if (study.runs().isEmpty()) {
            return new UsageException(
                    "%s has no scores, because it has no search: compare studies with searches.".formatted(folder));
        }
        return new UsageException(
                "%s has no scores yet: run its command to completion (inversions have no report).".formatted(folder));
    }

    /** Returns the name of a study next to one whose folder may have the same name. */
    private static String otherName(Path folder, String name) {
        return name(folder, name(folder, 1).equals(name) ? 2 : 1);
    }

    /** Returns the last parts of a path. */
    private static String name(Path folder, int names) {
        var path = folder.toAbsolutePath().normalize();
        int count = path.getNameCount();
        return count == 0
                ? path.toString()
                : path.subpath(Math.max(0, count - names), count).toString();
    }
}
