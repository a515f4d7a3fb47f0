package stir.core.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import stir.core.score.StudiedLayer;

class StudiedPairsTest {
    private static final StudiedLayer PLAIN = new StudiedLayer("plain", "fc");
    private static final StudiedLayer JOINT =
            new StudiedLayer(StudiedModel.jointName(List.of("plain", "robust")), "fc");
    private static final StudiedLayer TARGET = new StudiedLayer("target", "fc");

    @Test
    void referencesThatAreMatchedTogetherAreNamedInFull() {
        for (var pattern : List.of("*", "p*", "plain*")) {
            assertTrue(StudiedPairs.of(pattern, "*").holds(PLAIN, TARGET));
            assertFalse(StudiedPairs.of(pattern, "*").holds(JOINT, TARGET), pattern);
        }
        assertTrue(StudiedPairs.of(JOINT.model(), "*").holds(JOINT, TARGET));
    }

    @Test
    void referencesThatAreMatchedTogetherAreNotATarget() {
        assertFalse(StudiedPairs.of("*", JOINT.model()).holds(PLAIN, JOINT));
        assertEquals(2, StudiedPairs.of(JOINT.model(), "*").count(List.of(PLAIN, JOINT, TARGET)));
    }
}
