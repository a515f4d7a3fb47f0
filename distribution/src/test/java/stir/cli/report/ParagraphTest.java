package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names without the room that they need. */
class ParagraphTest {
    @Test
    void aLongNameLosesItsMiddle() {
        assertEquals(
                List.of("resnet", "a-very-lo..-epoch-90"),
                Paragraph.shortened(List.of("resnet", "a-very-long-name-of-a-network-epoch-90"), 20));
    }

    /** Networks that differ in the middle of their names would be called the same. */
    @ParameterizedTest
    @ValueSource(ints = {14, 20, 34})
    void differentNamesStayDifferent(int characters) {
        var names = IntStream.range(0, 12)
                .mapToObj("a-network-with-a-long-name-trained-in-run-%d-to-epoch-90"::formatted)
                .toList();
        var texts = Paragraph.shortened(names, characters);
        assertTrue(texts.stream().allMatch(text -> text.length() <= characters), texts.toString());
        assertEquals(names.size(), Set.copyOf(texts).size(), texts.toString());
    }

    /** Names of which some differ elsewhere than others do. */
    @ParameterizedTest
    @ValueSource(ints = {14, 20, 24, 30})
    void namesDifferThoughAThirdOneIsUnlikeThem(int characters) {
        var names = List.of(
                "experiment-resnet18-with-augmentation-resnet50-tuned_v2",
                "experiment-resnet34-with-augmentation-resnet50-tuned_v2",
                "a-third-network-with-quite-another-name",
                "experiment-resnet18-with-augmentation-resnet50-tuned_v2");
        var texts = Paragraph.shortened(names, characters);
        assertTrue(texts.stream().allMatch(text -> text.length() <= characters), texts.toString());
        assertEquals(3, Set.copyOf(texts).size(), texts.toString());
        assertEquals(texts.get(0), texts.get(3));
    }

    @Test
    void namesThatDifferInTwoDistantPlacesHaveTheirNumber() {
        var names = List.of(
                "run-a-" + "x".repeat(40) + "-1-end",
                "run-a-" + "x".repeat(40) + "-2-end",
                "run-b-" + "x".repeat(40) + "-1-end",
                "run-b-" + "x".repeat(40) + "-2-end");
        for (int characters : new int[] {10, 14, 20}) {
            var texts = Paragraph.shortened(names, characters);
            assertTrue(texts.stream().allMatch(text -> text.length() <= characters), texts.toString());
            assertEquals(4, Set.copyOf(texts).size(), texts.toString());
        }
    }

    @Test
    void remarksWithBlankLinesOrWithoutAHeadAreWrapped() {
        assertEquals("note: one\ntwo\n", Paragraph.wrapped("note: one\n\n   \ntwo\n"));
        assertEquals("", Paragraph.wrapped("\n"));
    }

    @Test
    void aNameIsReadFromWhereItBeginsToDiffer() {
        assertEquals(
                List.of("..un-0-to-epoch-90", "..un-1-to-epoch-90"),
                Paragraph.shortened(
                        List.of("a-network-trained-in-run-0-to-epoch-90", "a-network-trained-in-run-1-to-epoch-90"),
                        18));
    }
}
