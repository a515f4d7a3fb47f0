package stir.core.math.random;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random numbers of one input, keyed by the run's seed and the input's index. The Java
 * specification fixes the numbers of {@link Random}; its seed mixes both keys by the finaliser of
 * SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 */
public final class KeyedRandom {
    /** The key of random numbers that belong to all inputs together; no input has this index. */
    public static final long WHOLE_SET = -2;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private KeyedRandom() {}

    /** Returns the random numbers of an input. */
    public static Random of(long rngSeed, long index) {
        return new Random(key(rngSeed, index));
    }

    /** Returns the random numbers of one step of an input. */
    public static Random of(long rngSeed, long index, long step) {
        return new Random(key(key(rngSeed, index), step));
    }

    private static long key(long key, long number) {
        return mix(mix(key) + GOLDEN * (number + 1));
    }

    /**
     * Returns a random permutation of the numbers below {@code count} without a fixed point (for a
     * count of 1, the identity): a random cycle (Sattolo, 1986).
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
     * Returns a uniformly random subset of the numbers below {@code size}, in ascending order.
     *
     * @param key distinguishes the subsets of one seed
     * @param count the size of the subset, at most {@code size}
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
        int first = numbers[one];
        numbers[one] = numbers[other];
        numbers[other] = first;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
