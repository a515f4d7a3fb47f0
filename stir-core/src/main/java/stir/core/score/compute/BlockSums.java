package stir.core.score.compute;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the sums over blocks of inputs come from, which comparisons of many inputs are put together
 * from: each block's are computed on its own, and added in the order of the blocks, and so the
 * result is the same whoever has computed them.
 */
@FunctionalInterface
public interface BlockSums {
    /** How many inputs a block has, but for the last one. */
    int INPUTS = 1 << 14;

    /** Computed when they are asked for. */
    BlockSums HERE = (what, block, compute) -> Optional.of(compute.get());

    /**
     * The sums over a block.
     *
     * @param what is compared, by all that it depends on
     * @param block which, counted from 0
     * @param compute computes them
     * @return empty if they are not wanted here, since only some blocks are; what they are for then
     *     has no value
     */
    Optional<byte[]> of(String what, int block, Supplier<byte[]> compute);

    /** Whether only some blocks are wanted, so that nothing is put together in the end. */
    default boolean areForLater() {
        return false;
    }
}
