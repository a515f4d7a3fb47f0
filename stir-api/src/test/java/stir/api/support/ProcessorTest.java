package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {
    private static final String OLD = "fpu sse sse2 pni ssse3 sse4_1 sse4_2 popcnt";
    private static final String HASWELL = OLD + " avx f16c fma avx2 bmi1 bmi2";
    private static final String SERVER = HASWELL + " avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni";
    private static final Processor.Library[] PYTORCH = Processor.Library.values();

    private static Processor processor(String flags, Map<String, String> environment) {
        var lines = List.of(
                "processor\t: 0",
                "vendor_id\t: AuthenticAMD",
                "model name\t: Some: Processor",
                "flags\t\t: " + flags,
                "",
                "processor\t: 1",
                "vendor_id\t: AuthenticAMD",
                "flags\t\t: fpu");
        return Processor.of(lines, environment);
    }

    @Test
    void theFirstProcessorsFlagsDetermineTheLevel() {
        assertEquals("AuthenticAMD x86-64-v4", processor(SERVER, Map.of()).describe());
        assertEquals("AuthenticAMD x86-64-v3", processor(HASWELL, Map.of()).describe());
        assertEquals(
                "AuthenticAMD x86-64-v2+avx", processor(OLD + " avx", Map.of()).describe());
        assertEquals("AuthenticAMD x86-64-v2", processor(OLD, Map.of()).describe());
        assertEquals("AuthenticAMD x86-64", processor("fpu sse2", Map.of()).describe());
    }

    @Test
    void partOfAvx512IsNotEnough() {
        var without = SERVER.replace(" avx512vl", "");
        assertEquals("AuthenticAMD x86-64-v3", processor(without, Map.of()).describe());
    }

    @Test
    void withoutLinuxsFlagsOnlyTheArchitectureIsKnown() {
        assertEquals(
                System.getProperty("os.arch"), Processor.of(List.of(), Map.of()).describe(PYTORCH));
        var arm = List.of("CPU implementer\t: 0x41", "Features\t: fp asimd");
        assertTrue(Processor.of(arm, Map.of()).describe().startsWith("0x41 "));
    }

    @ParameterizedTest
    @CsvSource({
        "ONEDNN_MAX_CPU_ISA, AVX2, ONEDNN, x86-64-v3",
        "ONEDNN_MAX_CPU_ISA, avx512_core, ONEDNN, x86-64-v4",
        "ONEDNN_MAX_CPU_ISA, SSE41, ONEDNN, x86-64-v2",
        "DNNL_MAX_CPU_ISA, AVX2, ONEDNN, x86-64-v3",
        "ATEN_CPU_CAPABILITY, avx2, ATEN, x86-64-v3",
        "ATEN_CPU_CAPABILITY, default, ATEN, x86-64",
        "MKL_ENABLE_INSTRUCTIONS, AVX2, MKL, x86-64-v3",
        "MKL_CBWR, AVX2, MKL, x86-64-v4 (MKL_CBWR=avx2)",
        "ONEDNN_MAX_CPU_ISA, AVX2, MKL, x86-64-v4",
        "ATEN_CPU_CAPABILITY, avx2, ONEDNN, x86-64-v4",
    })
    void variablesLimitTheirLibrary(String variable, String value, Processor.Library library, String used) {
        var limited = processor(SERVER, Map.of(variable, value));
        assertEquals("AuthenticAMD " + used, limited.describe(library));
        assertEquals("AuthenticAMD x86-64-v4", limited.describe());
    }

    @Test
    void theNewNameOfOneDnnsVariableTakesPrecedence() {
        var both = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "DNNL_MAX_CPU_ISA", "SSE41");
        assertEquals("AuthenticAMD x86-64-v3", processor(SERVER, both).describe(Processor.Library.ONEDNN));
    }

    @Test
    void noVariableAddsMissingInstructions() {
        var variables = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "ATEN_CPU_CAPABILITY", "avx2");
        assertEquals("AuthenticAMD x86-64-v2", processor(OLD, variables).describe(PYTORCH));
    }

    @Test
    void aPinnedServerCountsAsAnOlderMachine() {
        var older = processor(HASWELL, Map.of()).describe(PYTORCH);
        assertNotEquals(older, processor(SERVER, Map.of()).describe(PYTORCH));
        var one = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2");
        assertEquals(
                "AuthenticAMD ATen x86-64-v4, MKL x86-64-v4, oneDNN x86-64-v3",
                processor(SERVER, one).describe(PYTORCH));
        var all = Map.of(
                "ONEDNN_MAX_CPU_ISA", "AVX2",
                "MKL_ENABLE_INSTRUCTIONS", "AVX2",
                "ATEN_CPU_CAPABILITY", "avx2");
        assertEquals(older, processor(SERVER, all).describe(PYTORCH));
    }

    @Test
    void thisMachineIsDescribed() {
        assertFalse(Processor.current().describe(PYTORCH).isBlank());
    }

    @Test
    void nvidiasDriverReportsGpusAndItsVersion(@TempDir Path proc) throws IOException {
        assertEquals("NVIDIA", NvidiaDriver.at(proc).describe());
        var driver = proc.resolve("driver/nvidia");
        for (int i = 0; i < 2; i++) {
            var gpu = Files.createDirectories(driver.resolve("gpus/0000:0" + i + ":00.0"));
            Files.writeString(
                    gpu.resolve("information"),
                    "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 77\nGPU UUID: \t GPU-" + i + "\n");
        }
        Files.writeString(driver.resolve("version"), """
                NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024
                GCC version:  gcc version 12.3.0
                """);
        assertEquals(
                "NVIDIA H100 80GB HBM3, driver 550.54.15", NvidiaDriver.at(proc).describe());
    }
}
