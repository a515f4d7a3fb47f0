package stir.api.support;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import stir.api.Device;
import stir.api.Model;

/**
 * The facts of {@link Model#runtime}, by the same names for all backends.
 *
 * @since 0.1.0
 */
public final class RuntimeFacts {
    /** The name of the processor's fact, which names its instructions. */
    public static final String PROCESSOR = "cpu";

    /** The variable that allows NVIDIA's libraries to shorten the factors of products. */
    private static final String TF32 = "NVIDIA_TF32_OVERRIDE";

    private static final Path PROC = Path.of("/proc");

    private RuntimeFacts() {}

    /**
     * Returns the facts of a computation on this machine.
     *
     * @param library the library with the version that its native code reports
     * @param device the device that computes
     * @param choosing the libraries that choose kernels by the instruction set and can be
     *     restricted; none if the full instruction set is always used
     * @return {@code library}, {@code cpu} and, on a GPU, {@code gpu}, {@code cuda}, {@code cudnn}
     *     and {@code tf32}, sorted; of CUDA and cuDNN only what is found
     */
    public static Map<String, String> of(String library, Device device, Processor.Library... choosing) {
        var facts = new TreeMap<String, String>();
        facts.put("library", library);
        facts.put(PROCESSOR, Processor.current().describe(choosing));
        if (device.kind() == Device.Kind.CUDA) {
            facts.put("gpu", NvidiaDriver.at(PROC).describe());
            var cuda = CudaLibraries.find(List.of());
            cuda.cudaVersion().ifPresent(version -> facts.put("cuda", version));
            cuda.cudnnVersion().ifPresent(version -> facts.put("cudnn", version));
            facts.put("tf32", "0".equals(System.getenv(TF32)) ? "off" : "left to the library");
        }
        return Collections.unmodifiableMap(facts);
    }
}
