package stir.core.inversion;

import stir.api.Norm;
import stir.api.support.Words;

import java.util.Optional;

/**
 * An attack on linear CKA: it minimises the CKA of the reference and a second network on the
 * searched inputs, in groups of {@link #GROUP}, with steps along the gradient. Source: {@code
 * SimLoss} in the code of Nanda et al., ICML 2022, where a group is a batch.
 *
 * <p>If one network is kept, the value is that CKA, minus the CKA of the kept network's
 * representations of the searched and the given inputs, plus that of the other's: {@code
 * SimLossConstant} in the same code.
 *
 * @param second the second network
 * @param kept the network that stays as it is; empty to leave both free
 * @param common the settings that all stepwise methods share; its tolerance is 0, since no step
 *     measures the residual
 * @param norm the norm of the relative distance that is reported
 * @param steps the settings of the steps that move points
 * @since 0.1.0
 */
public record CkaAttack(
        SecondNetwork second, Optional<Kept> kept, StepwiseSettings common, Norm norm, Steps steps)
        implements Method.Stepwise {
    /**
     * The maximum number of inputs per group. Groups are neighbouring inputs, as few as possible
     * and as equal as possible.
     */
    public static final int GROUP = 100;

    /** The network whose representations stay similar to those of the given inputs. */
    public enum Kept {
        /** The reference; the representations of the second network move away. */
        REFERENCE(-1, 1),
        /** The second network; the representations of the reference move away. */
        SECOND(1, -1),
        /** Neither network: the representations of both move away. */
        NEITHER(1, 1);

        private final int ofReference;
        private final int ofSecond;

        Kept(int ofReference, int ofSecond) {
            this.ofReference = ofReference;
            this.ofSecond = ofSecond;
        }

        /** Returns the factor of the reference's CKA with itself: 1 or -1. */
        public int ofReference() {
            return ofReference;
        }

        /** Returns the factor of the second network's CKA with itself: 1 or -1. */
        public int ofSecond() {
            return ofSecond;
        }

        /** Returns the name in settings. */
        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    /** Creates an attack with the steps and the norm of the published search. */
    public static CkaAttack of(SecondNetwork second) {
        var published = GradientDescent.PUBLISHED;
        return new CkaAttack(
                second, Optional.empty(), published.common(), published.norm(), published.steps());
    }

    @Override
    public Optimizer optimizer() {
        return Optimizer.PUBLISHED;
    }

    @Override
    public Optional<SecondNetwork> secondNetwork() {
        return Optional.of(second);
    }

    @Override
    public boolean stepsEachInput() {
        return false;
    }

    /** Returns the first input of a group, or the number of inputs. */
    public static int start(int group, int inputs) {
        int groups = (inputs + GROUP - 1) / GROUP;
        return (int) ((long) group * inputs / groups);
    }

    @Override
    public int borderFrom(int index, int inputs) {
        int group = 0;
        while (start(group, inputs) < index) {
            group++;
        }
        return start(group, inputs);
    }
}
