package stir.core.inversion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecondInputsTest {
    @Test
    void commasSeparateInputsAndNotTheFoldersOfAPath() {
        assertEquals(
                List.of("mask=/data/a,b/mask.npy", "types=0"), SecondInputs.parts("mask=/data/a,b/mask.npy,types=0"));
        assertEquals(
                Map.of("mask", "/data/a,b/mask.npy", "types", "0"),
                SecondInputs.parse("mask=/data/a,b/mask.npy,types=0"));
        assertEquals(List.of("a=1", "b"), SecondInputs.parts("a=1,b"));
    }
}
