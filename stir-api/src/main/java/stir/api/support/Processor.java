package stir.api.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import stir.api.Model;

/**
 * The instruction set that numerical libraries use on this machine. A library chooses its kernels
 * by it, and each kernel sums in another order, so it determines a result's last bits.
 *
 * <p>Some libraries also split matrices by the sizes of caches, which are not covered here. On
 * systems other than Linux only the architecture is known.
 *
 * <p>To compute with libtorch and TensorFlow as on a processor with AVX2, set {@code
 * ONEDNN_MAX_CPU_ISA=AVX2}, {@code ATEN_CPU_CAPABILITY=avx2}, {@code MKL_ENABLE_INSTRUCTIONS=AVX2}
 * and, against other differences between Intel's processors, {@code MKL_CBWR=AVX2}, before the
 * process starts. ONNX Runtime ignores all of them.
 *
 * @param vendor the manufacturer that the processor reports: {@code GenuineIntel}; on ARM a number
 * @param machine the largest instruction set of the processor
 * @param environment the environment variables, which can restrict libraries
 * @since 0.1.0
 */
public record Processor(String vendor, Instructions machine, Map<String, String> environment) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** Instruction sets, each including all before it, except {@link #OTHER}. */
    public enum Instructions {
        /** The instructions of an architecture other than x86-64. */
        OTHER(System.getProperty("os.arch", "unknown"), ""),
        /** SSE2, which every x86-64 processor has. */
        BASELINE("x86-64", ""),
        /** Up to SSE4.2. */
        SSE42("x86-64-v2", "ssse3 sse4_1 sse4_2 popcnt"),
        /** AVX, without AVX2. */
        AVX("x86-64-v2+avx", "avx"),
        /** AVX2 and FMA. */
        AVX2("x86-64-v3", "avx2 fma bmi1 bmi2 f16c"),
        /** The parts of AVX-512 that all servers with AVX-512 have. */
        AVX512("x86-64-v4", "avx512f avx512bw avx512cd avx512dq avx512vl");

        private final String label;
        private final String flags;

        /**
         * Creates an instruction set.
         *
         * @param flags Linux's names for the instructions that it adds to the previous set
         */
        Instructions(String label, String flags) {
            this.label = label;
            this.flags = flags;
        }

        private static Instructions of(String flags) {
            var all = words(flags);
            var most = BASELINE;
            for (var next : List.of(SSE42, AVX, AVX2, AVX512)) {
                if (!all.containsAll(words(next.flags))) {
                    break;
                }
                most = next;
            }
            return most;
        }

        private static Set<String> words(String text) {
            return Set.copyOf(Arrays.asList(text.split(" +")));
        }

        /** Returns the level of the x86-64 psABI, or the architecture. */
        @Override
        public String toString() {
            return label;
        }
    }

    /** Libraries that choose kernels by the processor, each with the variables that restrict it. */
    public enum Library {
        /** PyTorch's own kernels: {@code ATEN_CPU_CAPABILITY}, default, avx2 or avx512. */
        ATEN("ATen") {
            @Override
            String uses(Processor processor) {
                return switch (processor.variable("ATEN_CPU_CAPABILITY")) {
                    case "default" -> processor.upTo(Instructions.BASELINE);
                    case "avx2" -> processor.upTo(Instructions.AVX2);
                    default -> processor.machine.label;
                };
            }
        },
        /**
         * Intel's MKL: {@code MKL_ENABLE_INSTRUCTIONS}, and {@code MKL_CBWR}, which selects other
         * kernels than a processor with only these instructions would.
         */
        MKL("MKL") {
            @Override
            String uses(Processor processor) {
                var most = processor.upTo(
                        switch (processor.variable("MKL_ENABLE_INSTRUCTIONS")) {
                            case "sse4_2" -> Instructions.SSE42;
                            case "avx" -> Instructions.AVX;
                            case "avx2" -> Instructions.AVX2;
                            default -> Instructions.AVX512;
                        });
                var branch = processor.variable("MKL_CBWR");
                return branch.isEmpty() ? most : most + " (MKL_CBWR=" + branch + ")";
            }
        },
        /**
         * oneDNN: {@code ONEDNN_MAX_CPU_ISA} or, by its former name, {@code DNNL_MAX_CPU_ISA}. It
         * is the only variable that was observed to change results of convolutional networks, with
         * PyTorch and TensorFlow, on an AMD processor with AVX-512.
         */
        ONEDNN("oneDNN") {
            @Override
            String uses(Processor processor) {
                var now = processor.variable("ONEDNN_MAX_CPU_ISA");
                var most = now.isEmpty() ? processor.variable("DNNL_MAX_CPU_ISA") : now;
                return switch (most) {
                    case "sse41" -> processor.upTo(Instructions.SSE42);
                    case "avx" -> processor.upTo(Instructions.AVX);
                    case "avx2", "avx2_vnni", "avx2_vnni_2" -> processor.upTo(Instructions.AVX2);
                    default -> processor.machine.label;
                };
            }
        };

        private final String label;

        Library(String label) {
            this.label = label;
        }

        abstract String uses(Processor processor);
    }

    /** Copies the environment. */
    public Processor {
        environment = Map.copyOf(environment);
    }

    /** Returns this machine's processor, with this process's environment. */
    public static Processor current() {
        try {
            return of(Files.isReadable(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of(), System.getenv());
        } catch (IOException e) {
            return of(List.of(), System.getenv());
        }
    }

    /**
     * Parses Linux's description of a processor.
     *
     * @param cpuinfo the lines of {@code /proc/cpuinfo}; none if the file does not exist
     * @param environment the environment's variables
     */
    public static Processor of(List<String> cpuinfo, Map<String, String> environment) {
        var facts = new HashMap<String, String>();
        for (var line : cpuinfo) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                facts.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        var flags = facts.get("flags");
        var vendor = facts.getOrDefault("vendor_id", facts.getOrDefault("CPU implementer", ""));
        return new Processor(vendor, flags == null ? Instructions.OTHER : Instructions.of(flags), environment);
    }

    /**
     * Returns the instruction sets that libraries use, for {@link Model#runtime}: {@code
     * AuthenticAMD x86-64-v4}, or, if they differ, {@code AuthenticAMD ATen x86-64-v4, oneDNN
     * x86-64-v3}. Without libraries, returns the processor's own.
     */
    public String describe(Library... libraries) {
        var used = new TreeMap<Library, String>();
        for (var library : libraries) {
            used.put(library, library.uses(this));
        }
        var distinct = Set.copyOf(used.values());
        var words = switch (distinct.size()) {
            case 0 -> machine.label;
            case 1 -> distinct.iterator().next();
            default ->
                used.entrySet().stream()
                        .map(use -> use.getKey().label + " " + use.getValue())
                        .collect(Collectors.joining(", "));
        };
        return (vendor + " " + words).strip();
    }

    private String upTo(Instructions most) {
        return (machine.compareTo(most) <= 0 ? machine : most).label;
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT);
    }
}
