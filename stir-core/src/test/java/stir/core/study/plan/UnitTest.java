package stir.core.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.UsageException;
import stir.core.Seeded;
import stir.core.score.StudiedLayer;

class UnitTest {
    private static final Pattern ONE_WORD = Pattern.compile("[A-Za-z0-9._*+%/-]+");

    /** Names as models and layers have them, and worse. */
    private static final List<String> NAMES = List.of(
            "a",
            "relu2",
            "features/3",
            "block 1/conv",
            "p:0",
            "50%",
            "a+b",
            "überall",
            "層",
            "..",
            "/",
            " ",
            "a-b",
            "\uD83D\uDE00");

    /** The ends of ranges of characters: of ASCII, of two bytes in UTF-8, of three, of four. */
    private static final List<Integer> RANGES = List.of(0x80, 0x800, 0x1_0000, 0x11_0000);

    /** Returns one of the names, or as often any text that can be written in UTF-8. */
    private static String name(Random random) {
        if (random.nextBoolean()) {
            return NAMES.get(random.nextInt(NAMES.size()));
        }
        return random.ints(0, RANGES.get(random.nextInt(RANGES.size())))
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .limit(1 + random.nextInt(12))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static Unit unit(Random random) {
        int kind = random.nextInt(3);
        if (kind == 2) {
            return new Unit.Score(name(random), name(random));
        }
        var layer = new StudiedLayer(name(random), name(random));
        var search = name(random);
        int repeat = 1 + random.nextInt(1000);
        if (kind == 1) {
            return new Unit.Gather(layer, search, repeat);
        }
        int from = random.nextInt(1_000_000_001);
        return new Unit.Search(layer, search, repeat, from, from + 1 + random.nextInt(1_000_000_000));
    }

    @TestFactory
    Stream<DynamicTest> parseReadsWhatTextWrites() {
        return Seeded.tests(10, random -> {
            for (int i = 0; i < 100; i++) {
                var unit = unit(random);
                var text = unit.toString();
                assertEquals(unit, Unit.parse(text));
                assertEquals(text, Unit.parse(text).toString());
                assertEquals(text, unit.toString());
                assertTrue(ONE_WORD.matcher(text).matches(), text);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> unlikeUnitsHaveUnlikeTexts() {
        return Seeded.tests(10, random -> {
            var units = Stream.generate(() -> unit(random)).limit(100).toList();
            for (var one : units) {
                for (var other : units) {
                    assertEquals(one.equals(other), one.toString().equals(other.toString()));
                }
            }
        });
    }

    @Test
    void textsAreAsTheyAreDocumented() {
        var at = new StudiedLayer("net", "block 1/relu");
        assertEquals("search/net/block+1%2Frelu/fast/2/0-100", new Unit.Search(at, "fast", 2, 0, 100).toString());
        assertEquals("gather/net/block+1%2Frelu/fast/2", new Unit.Gather(at, "fast", 2).toString());
        assertEquals("score/net/other", new Unit.Score("net", "other").toString());
        assertEquals(Stage.SEARCH, Unit.parse("search/a/b/c/1/0-1").stage());
        assertEquals(Stage.GATHER, Unit.parse("gather/a/b/c/1").stage());
        assertEquals(Stage.SCORE, Unit.parse("score/a/b").stage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "score",
                "score/a",
                "score/a/b/c",
                "score/%/b",
                "score/%zz/b",
                "Score/a/b",
                "search/a/b/c/1",
                "search/a/b/c/1/5",
                "search/a/b/c/1/-5",
                "search/a/b/c/1/5-",
                "search/a/b/c/1/5-5",
                "search/a/b/c/1/7-5",
                "search/a/b/c/1/0-5-9",
                "search/a/b/c/1/0-5/x",
                "search/a/b/c/1/0-99999999999",
                "search/a/b/c/x/0-5",
                "search/a/b/c/0/0-5",
                "gather/a/b/c/-1",
                "gather/a/b/c",
                "gather/a/b/c/1/0-5",
                "gather/a/b/c/1/2",
                "gather//b/c/1",
                "dance/a/b/c/1"
            })
    void anythingButAUnitIsRefusedInOneSentence(String text) {
        var refusal = assertThrows(UsageException.class, () -> Unit.parse(text));
        assertTrue(refusal.getMessage().startsWith("'" + text + "' is not a unit of work: use "), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"));
    }
}
