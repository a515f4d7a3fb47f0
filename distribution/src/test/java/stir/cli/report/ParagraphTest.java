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

    @Test
    void aNameIsReadFromWhereItBeginsToDiffer() {
        assertEquals(
                List.of("..un-0-to-epoch-90", "..un-1-to-epoch-90"),
                Paragraph.shortened(
                        List.of("a-network-trained-in-run-0-to-epoch-90", "a-network-trained-in-run-1-to-epoch-90"),
                        18));
    }
}
