package stir.backend.djl.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.backend.djl.libtorch.SourceException;

class ExpressionTest {
    @Test
    void keepsTheTextOfStringsUnchanged() {
        var call = Expression.parse("f(\"a,')\", 'b\\'c', \"\")").get(0);
        assertEquals(
                List.of("a,')", "b\\'c", ""),
                call.parts().stream().map(Expression::text).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x = \"", "x = '", "f(\"a)", "x = \"a\\\"", "x = \"a\\"})
    void refusesUnclosedStrings(String line) {
        var refusal = assertThrows(SourceException.class, () -> Expression.parse(line));
        assertEquals("A string is not closed in: " + line, refusal.getMessage());
    }

    @Test
    void showsTheBeginningOfALongLine() {
        var line = "f(" + "a".repeat(1000);
        var refusal = assertThrows(SourceException.class, () -> Expression.parse(line));
        assertEquals("A bracket is not closed in: " + line.substring(0, 80) + "...", refusal.getMessage());
    }
}
