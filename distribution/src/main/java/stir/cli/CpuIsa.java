package stir.cli;

import stir.api.UsageException;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The instructions of the processor that native libraries may use. The launcher pins them, since
 * the libraries read them from the environment of the process that loads them.
 */
enum CpuIsa {
    SSE4_2("sse4.2", "SSE41"),
    AVX2("avx2", "AVX2"),
    AVX512("avx512", "AVX512_CORE");

    /** What the launcher sets for oneDNN. */
    static final String VARIABLE = "ONEDNN_MAX_CPU_ISA";

    private final String word;
    private final String pinned;

    CpuIsa(String word, String pinned) {
        this.word = word;
        this.pinned = pinned;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws UsageException if it is none
     */
    static CpuIsa parse(String text) {
        return Arrays.stream(values())
                .filter(isa -> isa.word.equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "There is no instruction set '%s': take %s."
                                                .formatted(
                                                        text,
                                                        Arrays.stream(values())
                                                                .map(CpuIsa::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** Whether the launcher has pinned it. */
    boolean isPinned(Map<String, String> environment) {
        return pinned.equals(environment.get(VARIABLE));
    }

    @Override
    public String toString() {
        return word;
    }
}
