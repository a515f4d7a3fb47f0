package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sentences of the guides: none is long, and all have British spelling. */
class GuidesTest {
    private static final int LONGEST = 30;
    private static final Pattern GUIDE = Pattern.compile(
            "README\\.md|distribution/docs/" + "(?!design/|reference/|architecture\\.md|glossary\\.md).*");

    /** A full stop ends a sentence before a space and a word that begins one. */
    private static final Pattern END = Pattern.compile("(?<=[^. ][.?!][)\"]?) +(?=[A-Z(\"])");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\d][\\p{L}\\d'’.,/-]*");

    private static final Pattern AMERICAN = Pattern.compile(
            "\\b((?!re?siz|siz|priz|seiz|capsiz|horiz|citiz|denizen)\\p{L}+iz(e[drs]?|ing|ations?|ers?)"
                    + "|analyz\\p{L}*|\\p{L}*colors?|\\p{L}*colored|behaviors?|favor\\p{L}*|gray|centers?|centered"
                    + "|catalogs?|labeled|labeling|modeled|modeling|cancel(ed|ing)|artifacts?|defense|licenses"
                    + "|fulfill|flavors?|neighbor\\p{L}*|honor\\p{L}*|judgment|skillful|gotten)\\b",
            Pattern.CASE_INSENSITIVE);

    @Test
    void noSentenceOfAGuideIsLong() throws IOException {
        check(GuidesTest::longSentences);
    }

    @Test
    void guidesHaveBritishSpelling() throws IOException {
        check(GuidesTest::americanWords);
    }

    /** The findings in a text. */
    private interface Check {
        List<String> findings(String text);
    }

    private static void check(Check check) throws IOException {
        var problems = new ArrayList<String>();
        int guides = 0;
        for (var page : MarkdownPage.all()) {
            if (GUIDE.matcher(page.name()).matches()) {
                guides++;
                for (var part : page.prose()) {
                    for (var finding : check.findings(part.text())) {
                        problems.add(page.name() + ":" + part.line() + ": " + finding);
                    }
                }
            }
        }
        assertTrue(guides > 5, guides + " guides");
        assertEquals("", String.join("\n", problems));
    }

    private static List<String> longSentences(String text) {
        return sentences(text)
                .filter(sentence -> words(sentence) > LONGEST)
                .map(sentence -> words(sentence) + " words: " + sentence)
                .toList();
    }

    private static Stream<String> sentences(String text) {
        return Arrays.stream(END.split(text, -1));
    }

    private static long words(String sentence) {
        return WORD.matcher(sentence).results().count();
    }

    private static List<String> americanWords(String text) {
        return AMERICAN.matcher(text).results().map(word -> word.group()).toList();
    }

    @Test
    void aLongSentenceIsFound() {
        var words = "Word" + " word".repeat(28);
        assertEquals(List.of(), longSentences("Short. " + words + " end? " + words + " end."));
        assertEquals(1, longSentences("Short. " + words + " too long.").size());
        assertEquals(
                List.of("It took e.g. 0.5 s.", "(Next one.)", "More!"),
                sentences("It took e.g. 0.5 s. (Next one.) More!").toList());
    }

    @Test
    void americanSpellingIsFoundOutsideCode() {
        assertEquals(
                List.of("normalized", "Color", "behavior"),
                americanWords("A resized, normalized size. Color of behavior, and the prize"));
        var page = new MarkdownPage("a.md", "Use `--optimizer`, the\noptimizer, and [a color](b)\n");
        assertEquals(
                List.of("optimizer", "color"),
                page.prose().stream()
                        .flatMap(part -> americanWords(part.text()).stream())
                        .toList());
    }
}
