package stir.core.study.store;

import stir.core.runtime.machine.Machine;

/**
 * A machine that computed stored results, next to the one that would compute the rest.
 *
 * @param results the results that it computed
 * @param here the machine of this process
 * @param there the other machine
 */
record OtherMachine(String results, Machine here, Machine there) {
    /** Returns whether the results of the two differ. */
    boolean differs() {
        return !here.differencesFrom(there).isEmpty();
    }

    /** Returns whether the two may agree once the instruction set is pinned. */
    boolean isPinnable() {
        return here.isPinnable(there);
    }

    /** Returns the differences in words. */
    @Override
    public String toString() {
        return results + ": " + String.join("; ", here.differencesFrom(there));
    }
}
