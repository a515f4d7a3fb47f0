package stir.core.score.compute;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The source of sums over blocks of inputs. Each block is summed on its own, and the sums are added
 * in the order of the blocks, so that the result does not depend on which process computed them.
 */
@FunctionalInterface
public interface BlockSums {
    /** The number of inputs of a block, except the last one. */
    int INPUTS = 1 << 14;

    /** Computes the sums of all blocks when they are needed. */
    BlockSums HERE = (what, block, compute) -> Optional.of(compute.get());

    /**
     * Returns the sums over a block.
     *
     * @param what a key of everything that the sums depend on
     * @param block the index of the block, from 0
     * @param compute the computation of these bytes
     * @return empty if this block is not wanted here; the result has no value then
     */
    Optional<byte[]> of(String what, int block, Supplier<byte[]> compute);

    /** Returns whether only some blocks are wanted, so that there are no results in the end. */
    default boolean arePartial() {
        return false;
    }
}
