package stir.core.runtime.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, x86-64-v3, amd64, x86-64-v4, true",
        "amd64, any words, amd64, other words, true",
        "amd64, x86-64-v3, amd64, x86-64-v3, false",
        "amd64, x86-64-v3, aarch64, 0x41 aarch64, false",
        "aarch64, x86-64-v3, aarch64, x86-64-v4, false"
    })
    void instructionsArePinnableWhereTheyAloneDiffer(
            String architecture, String cpu, String otherArchitecture, String other, boolean is) {
        var here = new Machine(Map.of("architecture", architecture, "cpu", cpu));
        var there = new Machine(Map.of("architecture", otherArchitecture, "cpu", other));
        assertEquals(is, here.isPinnable(there));
        assertEquals(is, there.isPinnable(here));
    }
}
