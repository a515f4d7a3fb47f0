package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import stir.api.StirException;

/** Checks of refusals: one sentence for a user. */
final class Refusals {
    private Refusals() {}

    /** Returns the message, which must be one sentence. */
    static String sentence(StirException e) {
        var message = e.getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
        assertTrue(message.endsWith("."), message);
        return message;
    }

    static void assertContains(String message, String... words) {
        for (String word : words) {
            assertTrue(message.contains(word), "'" + word + "' is not in: " + message);
        }
    }
}
