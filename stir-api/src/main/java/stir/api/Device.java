package stir.api;

import java.util.Objects;

/**
 * A processor on which a model computes.
 *
 * @param kind the kind of processor
 * @param index the index among processors of this kind, from 0; always 0 for the CPU
 * @since 0.1.0
 */
public record Device(Kind kind, int index) {
    /** The kinds of processors that Stir supports. */
    public enum Kind {
        /** The machine's main processors. */
        CPU,
        /** An NVIDIA GPU. */
        CUDA
    }

    /** The main processors. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** Checks the index. */
    public Device {
        Objects.requireNonNull(kind, "kind");
        if (index < 0 || (kind == Kind.CPU && index != 0)) {
            throw new IllegalArgumentException("There is no " + kind + " with the index " + index);
        }
    }

    /**
     * Reads {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:N}.
     *
     * @throws UsageException if the text is none of these
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        if (text.equals("cuda")) {
            return new Device(Kind.CUDA, 0);
        }
        if (text.matches("cuda:\\d{1,3}")) {
            return new Device(Kind.CUDA, Integer.parseInt(text.substring("cuda:".length())));
        }
        throw new UsageException("'" + text + "' is not a device: use cpu, cuda or cuda:N, N counting from 0.");
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return kind == Kind.CPU ? "cpu" : "cuda:" + index;
    }
}
