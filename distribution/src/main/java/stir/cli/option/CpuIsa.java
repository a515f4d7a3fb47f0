package stir.cli.option;

import java.util.Map;
import stir.api.support.Words;

/**
 * The instruction sets to which native libraries can be limited. The launcher pins them, since the
 * libraries read them from the environment of the process that loads them.
 */
public enum CpuIsa {
    SSE4_2("SSE41"),
    AVX2("AVX2"),
    AVX512("AVX512_CORE");

    /** The environment variable that the launcher sets for oneDNN. */
    public static final String VARIABLE = "ONEDNN_MAX_CPU_ISA";

    private final String pinned;

    CpuIsa(String pinned) {
        this.pinned = pinned;
    }

    /** Returns whether the launcher has pinned this instruction set. */
    public boolean isPinned(Map<String, String> environment) {
        return pinned.equals(environment.get(VARIABLE));
    }

    /** Returns the name in options, as in {@code sse4.2}. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
