package stir.core.inversion.optimizer;

import java.util.AbstractList;
import java.util.List;

/**
 * Base class of states that wrap another rule's state and delegate to it.
 *
 * @param <S> the wrapped state
 */
public abstract class DelegatingSteps<S extends UpdateState> implements UpdateState {
    /** The wrapped state. */
    protected final S delegate;

    /** Creates a state around another. */
    protected DelegatingSteps(S delegate) {
        this.delegate = delegate;
    }

    /** Returns a view of the wrapped states. */
    public static <S extends UpdateState> List<S> delegates(List<? extends DelegatingSteps<S>> inputs) {
        return new AbstractList<>() {
            @Override
            public S get(int index) {
                DelegatingSteps<S> wrapper = inputs.get(index);
                return wrapper.delegate;
            }

            @Override
            public int size() {
                return inputs.size();
            }
        };
    }

    @Override
    public double residual(double distance) {
        return delegate.residual(distance);
    }

    @Override
    public double value(double residual, boolean converged) {
        return delegate.value(residual, converged);
    }

    @Override
    public boolean ends(boolean converged) {
        return delegate.ends(converged);
    }

    @Override
    public int restarts() {
        return delegate.restarts();
    }

    @Override
    public double movedAtLeast() {
        return delegate.movedAtLeast();
    }
}
