package stir.api.support;

import stir.api.Device;
import stir.api.Model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The facts of {@link Model#runtime}, by the same names for all backends.
 *
 * @since 0.1.0
 */
public final class RuntimeFacts {
    /** The name of the processor's fact, which names its instructions. */
    public static final String PROCESSOR = "cpu";

    private static final Path PROC = Path.of("/proc");

    private RuntimeFacts() {}

    /**
     * What computes on this machine.
     *
     * @param library the library with its version, as its native code tells it
     * @param device where it computes
     * @param choosing what chooses its kernels by the processor's instructions and can be told to
     *     take fewer; none if it takes what the processor offers
     * @return {@code library}, {@code cpu} and, on a GPU, {@code gpu}, sorted
     */
    public static Map<String, String> of(
            String library, Device device, Processor.Library... choosing) {
        var facts = new TreeMap<String, String>();
        facts.put("library", library);
        facts.put(PROCESSOR, Processor.here().describe(choosing));
        if (device.kind() == Device.Kind.CUDA) {
            facts.put("gpu", NvidiaDriver.at(PROC).describe());
        }
        return Collections.unmodifiableMap(facts);
    }
}
