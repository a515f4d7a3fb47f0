package stir.core.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.UsageException;

import java.util.regex.Pattern;

class UnitTest {
    private static final Pattern ONE_WORD = Pattern.compile("[A-Za-z0-9._*+%/-]+");

    /** Names as models and layers have them, and worse. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.of(
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
                        "\uD83D\uDE00"),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(12).filter(UnitTest::isText));
    }

    /** Whether a text can be written in UTF-8: half of a pair can't. */
    private static boolean isText(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }

    @Provide
    Arbitrary<Unit> units() {
        var layers = Combinators.combine(names(), names()).as(StudiedLayer::new);
        var repeats = Arbitraries.integers().between(1, 1000);
        var froms = Arbitraries.integers().between(0, 1_000_000_000);
        var counts = Arbitraries.integers().between(1, 1_000_000_000);
        return Arbitraries.oneOf(
                Combinators.combine(layers, names(), repeats, froms, counts)
                        .as(
                                (at, search, repeat, from, count) ->
                                        new Unit.Search(at, search, repeat, from, from + count)),
                Combinators.combine(layers, names(), repeats).as(Unit.Gather::new),
                Combinators.combine(names(), names()).as(Unit.Score::new));
    }

    @Property(tries = 500)
    void parseReadsWhatTextWrites(@ForAll("units") Unit unit) {
        var text = unit.toString();
        assertEquals(unit, Unit.parse(text));
        assertEquals(text, Unit.parse(text).toString());
        assertEquals(text, unit.toString());
        assertTrue(ONE_WORD.matcher(text).matches(), text);
    }

    @Property(tries = 200)
    void unlikeUnitsHaveUnlikeTexts(@ForAll("units") Unit one, @ForAll("units") Unit other) {
        assertEquals(one.equals(other), one.toString().equals(other.toString()));
    }

    @Test
    void textsAreAsTheyAreDocumented() {
        var at = new StudiedLayer("net", "block 1/relu");
        assertEquals(
                "search/net/block+1%2Frelu/fast/2/0-100",
                new Unit.Search(at, "fast", 2, 0, 100).toString());
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
    void whatIsNoUnitIsRefusedInOneSentence(String text) {
        var refusal = assertThrows(UsageException.class, () -> Unit.parse(text));
        assertTrue(
                refusal.getMessage().startsWith("'" + text + "' is not a unit of work: write "),
                refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"));
    }
}
