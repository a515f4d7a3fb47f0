package stir.backend.djl.libtorch;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The operators that a network may name: those that compute values, and reach neither files,
 * processes nor other machines.
 */
public final class AllowedOperators {
    /** The libraries whose operators compute values; all others are refused. */
    private static final Set<String> LIBRARIES = Set.of("aten", "prim", "quantized", "_quantized", "cuda");

    /** Libraries of other projects, which libtorch lacks: a call fails where it is reached. */
    private static final Set<String> FOREIGN = Set.of("torchvision", "torchaudio");

    /** The operators of those libraries that read or write files or call other processes. */
    private static final Set<String> REFUSED =
            Set.of("save", "load", "from_file", "rpc_async", "rpc_sync", "rpc_remote", "PythonOp");

    /**
     * Operators that trust indices and sizes among their values, and read or write beyond memory.
     */
    private static final Pattern UNSAFE = Pattern.compile(
            "_?(ctc_loss|(to_)?sparse_.*|to_sparse)|.*_(csr|csc|bsr|bsc|coo)_.*" + "|.*_backward|linalg_ldl_solve");

    /** Operators whose result depends on the place of values in memory. */
    private static final Set<String> OF_PLACE = Set.of("id", "hash");

    private static final Set<String> OF_MOBILE = Set.of("prepacked", "xnnpack", "metal", "vulkan");
    private static final Set<String> OF_PROCESSOR = Set.of("mkldnn", "mkldnn_prepacked", "onednn", "mkl");
    private static final String NETWORK_ITSELF =
            "export the network itself, as in torch.jit.script(model.eval()).save(\"model.pt\"), ";

    private AllowedOperators() {}

    /** Returns whether an operator reaches files or other processes. */
    public static boolean isOfFiles(String name) {
        return REFUSED.contains(name);
    }

    /** Returns whether a library is for mobile devices. */
    public static boolean isOfMobile(String library) {
        return OF_MOBILE.contains(library);
    }

    /**
     * Checks an operator.
     *
     * @throws SourceException if it is not one that computes values, or may end the process
     */
    public static void check(String library, String name) {
        if (library.isEmpty() || name.isEmpty()) {
            throw new SourceException("its source uses a library of operators as a value");
        }
        if (OF_MOBILE.contains(library)) {
            throw ofMobile();
        }
        if (OF_PROCESSOR.contains(library) || name.contains("MKLDNN") || name.contains("mkldnn_")) {
            throw new SourceException(
                    "it was optimised for inference on one processor and has no gradients",
                    NETWORK_ITSELF + "before torch.jit.optimize_for_inference");
        }
        if (REFUSED.contains(name)) {
            throw ofFiles(name);
        }
        if (UNSAFE.matcher(name).matches() || library.equals("sparse")) {
            throw ofMemory(name);
        }
        if (OF_PLACE.contains(name)) {
            throw new SourceException(
                    "its code uses %s, which differs from process to process".formatted(name),
                    "export the network without it");
        }
        if (!LIBRARIES.contains(library) && !FOREIGN.contains(library)) {
            throw new SourceException(
                    "it calls %s.%s, which is not an operator that computes values".formatted(library, name),
                    "export a network of PyTorch's own layers");
        }
    }

    /** Returns the refusal of an operator that may write beyond its memory. */
    public static SourceException ofMemory(String name) {
        return new SourceException(
                "its code uses %s, and operators that trust their indices (sparse, CTC, backward, unsafe) may write beyond their memory"
                        .formatted(name),
                "export the network without it");
    }

    /** Returns the refusal of an operator that reaches files or other processes. */
    public static SourceException ofFiles(String name) {
        return new SourceException(
                "its code calls %s, and networks have no access to files or other processes".formatted(name),
                "remove that call and export it again");
    }

    /** Returns the refusal of a network for mobile devices. */
    public static SourceException ofMobile() {
        return new SourceException(
                "it was optimised for mobile devices and has no gradients",
                NETWORK_ITSELF + "before optimize_for_mobile");
    }

    /** Returns the refusal of an object of a class that is not in the source. */
    public static SourceException ofCompiledClass(String name) {
        var library = name.replaceFirst("\\..*", "");
        if (library.equals("quantized")) {
            return new SourceException(
                    "it is quantised, and quantised operators have no gradient",
                    "export the network before quantising it");
        }
        return isOfMobile(library)
                ? ofMobile()
                : new SourceException(
                        "it contains compiled objects, %s".formatted(name), "export a network of PyTorch's own layers");
    }
}
