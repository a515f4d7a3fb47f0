package stir.core.random;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random numbers of one input. The generator is {@link Random}, whose numbers the Java
 * specification fixes for good; its seed mixes the run's seed and the input's index (the finaliser
 * of SplitMix64; Steele, Lea, Flood, OOPSLA 2014).
 */
public final class KeyedRandom {
    /** The key of what belongs to no single input; no input has this index. */
    public static final long WHOLE_SET = -2;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private KeyedRandom() {}

    public static Random of(long rngSeed, long index) {
        return new Random(key(rngSeed, index));
    }

    /** Random numbers of one step of an input. */
    public static Random of(long rngSeed, long index, long step) {
        return new Random(key(key(rngSeed, index), step));
    }

    private static long key(long key, long number) {
        return mix(mix(key) + GOLDEN * (number + 1));
    }

    /**
     * An order of the numbers below {@code count} in which none stands in its own place (for a
     * count of 1, the only one there is): a random cycle (Sattolo, 1986).
     */
    public static int[] derangement(long rngSeed, int count) {
        var random = of(rngSeed, WHOLE_SET);
        var order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            swap(order, i, random.nextInt(i));
        }
        return order;
    }

    /**
     * Some of the numbers below {@code size}, every choice as likely, in ascending order.
     *
     * @param key tells one choice from another
     * @param count how many, at most {@code size}
     */
    public static int[] choice(long rngSeed, long key, int count, int size) {
        var random = of(rngSeed, WHOLE_SET, key);
        var numbers = IntStream.range(0, size).toArray();
        for (int i = 0; i < count; i++) {
            swap(numbers, i, i + random.nextInt(size - i));
        }
        return IntStream.of(numbers).limit(count).sorted().toArray();
    }

    private static void swap(int[] numbers, int one, int other) {
        int kept = numbers[one];
        numbers[one] = numbers[other];
        numbers[other] = kept;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
