package stir.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.UsageException;

class PageRequestTest {
    private static final Path FOLDER = Path.of("study");

    @Test
    void aRequestChangesOnePartAtATime() {
        var request = PageRequest.of(FOLDER);
        assertEquals(new PageRequest(FOLDER, Optional.empty(), PageRequest.GALLERY, Optional.empty()), request);
        var other = Path.of("other");
        assertEquals(
                new PageRequest(FOLDER, Optional.of(other), 5, Optional.empty()),
                request.withAgainst(other).withGallery(5));
    }

    @Test
    void aPageWithoutInputsAndNullAreRefused() {
        var request = PageRequest.of(FOLDER);
        var refusal = assertThrows(UsageException.class, () -> request.withGallery(0));
        assertEquals("A page shows at least 1 input of each layer, not 0.", refusal.getMessage());
        @SuppressWarnings("NullAway") // as of callers without that check
        var missing = assertThrows(NullPointerException.class, () -> PageRequest.of(null));
        assertEquals("folder", missing.getMessage());
    }
}
