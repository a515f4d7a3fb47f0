package stir.core.inversion.rule;

import java.util.AbstractList;
import java.util.List;

/**
 * Steps in front of others, which decide all that is not said here.
 *
 * @param <S> the steps behind
 */
abstract class StepsBehind<S extends InputSteps> implements InputSteps {
    /** The steps behind these. */
    final S behind;

    StepsBehind(S behind) {
        this.behind = behind;
    }

    /** A view of the steps behind some. */
    static <S extends InputSteps> List<S> behind(List<? extends StepsBehind<S>> inputs) {
        return new AbstractList<>() {
            @Override
            public S get(int index) {
                return inputs.get(index).behind;
            }

            @Override
            public int size() {
                return inputs.size();
            }
        };
    }

    @Override
    public double residual(double distance) {
        return behind.residual(distance);
    }

    @Override
    public double value(double residual, boolean found) {
        return behind.value(residual, found);
    }

    @Override
    public boolean ends(boolean found) {
        return behind.ends(found);
    }

    @Override
    public int restarts() {
        return behind.restarts();
    }

    @Override
    public double movedAtLeast() {
        return behind.movedAtLeast();
    }
}
