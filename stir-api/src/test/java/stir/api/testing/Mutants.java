package stir.api.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Broken copies of a model's file, each determined by a seed: edited blindly, or with knowledge of
 * the format, so that the copy passes checksums and lengths and the damage is reached.
 */
public final class Mutants {
    /** The known structure of a file. */
    public enum Format {
        /** None: bytes are changed, removed, added or moved. */
        BYTES,
        /**
         * A zip of pickles, Python source and weights, as PyTorch writes it; checksums are
         * corrected.
         */
        TORCHSCRIPT,
        /**
         * A zip of JSON and weights, as {@code torch.export} writes it; checksums are corrected.
         */
        PROGRAM,
        /** A Protocol Buffers message of any type; lengths are corrected. */
        PROTOBUF
    }

    /** A change of bytes. */
    @FunctionalInterface
    interface Edit {
        /**
         * Changes the bytes of a file.
         *
         * @return the changed copy
         */
        byte[] apply(byte[] bytes, Random random);
    }

    private static final int BLIND_OF_TEN = 2;
    private static final int LARGEST_BLOCK = 4096;

    private final byte[] original;
    private final Format format;
    private final List<String> words;

    private Mutants(byte[] original, Format format, List<String> words) {
        this.original = original;
        this.format = format;
        this.words = words;
    }

    /** Returns the mutants of a file. */
    public static Mutants of(Path file, Format format) throws IOException {
        return new Mutants(Files.readAllBytes(file), format, List.of());
    }

    /**
     * Returns mutants half of which have a valid structure and another meaning: one to three of the
     * words in the file are exchanged for others, such as operators and attributes.
     */
    public Mutants withWords(List<String> others) {
        return new Mutants(original, format, List.copyOf(others));
    }

    /** Returns the mutant of a seed, the same on every machine. */
    public byte[] mutant(long seed) {
        var random = new Random(seed);
        random.nextInt(); // neighbouring seeds have similar first numbers
        if (!words.isEmpty() && random.nextBoolean()) {
            return format == Format.PROTOBUF
                    ? new MessageEdits(original).exchange(words, random)
                    : new ArchiveEdits(original).exchange(words, random);
        }
        if (format == Format.BYTES || random.nextInt(10) < BLIND_OF_TEN) {
            return blind(original, random);
        }
        return switch (format) {
            case TORCHSCRIPT -> new ArchiveEdits(original).apply(random);
            case PROGRAM -> new ArchiveEdits(original).applyToProgram(random);
            default -> new MessageEdits(original).apply(random);
        };
    }

    /** Changes bytes without knowledge of the format. */
    public static byte[] blind(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[random.nextInt(9)];
        }
        List<Edit> edits =
                List.of(Mutants::flip, Mutants::flip, Mutants::cut, Mutants::blank, Mutants::insert, Mutants::move);
        return edits.get(random.nextInt(edits.size())).apply(bytes, random);
    }

    /** Flips up to eight bits. */
    static byte[] flip(byte[] bytes, Random random) {
        var copy = bytes.clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    /** Truncates the bytes. */
    static byte[] cut(byte[] bytes, Random random) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    private static byte[] blank(byte[] bytes, Random random) {
        var copy = bytes.clone();
        int from = random.nextInt(copy.length);
        Arrays.fill(copy, from, end(copy, from, random), (byte) (random.nextInt(3) - 1));
        return copy;
    }

    private static byte[] insert(byte[] bytes, Random random) {
        int place = random.nextInt(bytes.length);
        var added = new byte[1 + random.nextInt(64)];
        random.nextBytes(added);
        return spliced(bytes, place, place, added);
    }

    private static byte[] move(byte[] bytes, Random random) {
        var copy = bytes.clone();
        int from = random.nextInt(copy.length);
        int to = random.nextInt(copy.length);
        int length = Math.min(end(copy, from, random) - from, copy.length - to);
        System.arraycopy(bytes, from, copy, to, length);
        return copy;
    }

    private static int end(byte[] bytes, int from, Random random) {
        return Math.min(bytes.length, from + 1 + random.nextInt(LARGEST_BLOCK));
    }

    /** Returns a copy with a range replaced. */
    static byte[] spliced(byte[] bytes, int from, int to, byte[] replacement) {
        var copy = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, copy, 0, from);
        System.arraycopy(replacement, 0, copy, from, replacement.length);
        System.arraycopy(bytes, to, copy, from + replacement.length, bytes.length - to);
        return copy;
    }

    /** Returns an extreme number, as counts, sizes and offsets rarely have. */
    public static long extreme(Random random) {
        long[] extremes = {
            -1,
            0,
            1,
            255,
            256,
            65_535,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            1L << 31,
            1L << 32,
            1L << 40,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            random.nextInt(1000),
            random.nextLong()
        };
        return extremes[random.nextInt(extremes.length)];
    }

    /** Returns a random word that begins with an upper-case letter if a given one does. */
    static String anyLike(String word, List<String> words, Random random) {
        boolean upper = Character.isUpperCase(word.charAt(0));
        return any(
                words.stream()
                        .filter(other -> Character.isUpperCase(other.charAt(0)) == upper)
                        .toList(),
                random);
    }

    /** Returns a random element of a list. */
    static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
