package stir.core.study.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, a.b, true",
        "a*, a, true",
        "a*, ba, false",
        "*.relu?, x/1.relu2, true",
        "*.relu?, x.relu, false",
        "a*b*c, a.b.b.c, true",
        "a*b*c, a.b.b.d, false",
        "a[*], a[0], true",
        "?, ab, false",
        "a**b, ab, true"
    })
    void starsStandForAnyCharactersAndQuestionMarksForOne(String pattern, String name, boolean matches) {
        assertEquals(matches, NamePattern.of(pattern).matches(name));
    }

    @Test
    void aNameThatHoldsAStarIsNamedByItself() {
        assertEquals(List.of("a?b*"), NamePattern.of("a?b*").in(List.of("a?b*", "x")));
    }

    @Test
    void manyStarsTakeNoLongerThanTheProductOfTheLengths() {
        var pattern = NamePattern.of("*a".repeat(60) + "z");
        var name = "a".repeat(5000);
        assertFalse(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pattern.matches(name)));
    }

    /** An expression decides the same, for patterns that are short enough for it. */
    @Test
    void randomPatternsMatchAsAnExpressionDoes() {
        var random = new Random(58);
        for (int i = 0; i < 20_000; i++) {
            var pattern = text(random, "ab*?");
            var name = text(random, "ab");
            var expression = pattern.replace("*", ".*").replace("?", ".");
            assertEquals(name.matches(expression), NamePattern.of(pattern).matches(name), pattern);
        }
    }

    private static String text(Random random, String characters) {
        var text = new StringBuilder();
        for (int length = random.nextInt(7); length > 0; length--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
