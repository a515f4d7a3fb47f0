package stir.core.network;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

/**
 * A hook, for tests, that forgives nothing: it fails at anything that a caller of a backend's hook
 * guarantees not to do. It computes {@code h(x) = (x_0^2, x_1^2, x_0 x_1)}.
 */
final class UnkindHook implements LayerHook {
    static final Shape INPUT = Shape.of(2);
    static final Shape REPRESENTATION = Shape.of(3);

    /** How many rows came at each call, in order. */
    final List<Integer> passes = new CopyOnWriteArrayList<>();

    /** Run in the middle of every pass. */
    private final Runnable meanwhile;

    private final OptionalInt batch;
    private int running;
    private int closings;

    UnkindHook(OptionalInt batch, Runnable meanwhile) {
        this.batch = batch;
        this.meanwhile = meanwhile;
    }

    static UnkindHook free() {
        return new UnkindHook(OptionalInt.empty(), () -> {});
    }

    static UnkindHook ofBatch(int rows) {
        return new UnkindHook(OptionalInt.of(rows), () -> {});
    }

    synchronized int closings() {
        return closings;
    }

    private synchronized void begin(Batch inputs, Batch... representations) {
        require(closings == 0, "a call after closing");
        require(inputs.rows() > 0, "no rows");
        require(batch.isEmpty() || batch.getAsInt() == inputs.rows(), "no whole pass");
        require(inputs.rowShape().equals(INPUT), "inputs of another shape");
        for (var representation : representations) {
            require(representation.rowShape().equals(REPRESENTATION), "another shape");
            require(representation.rows() == inputs.rows(), "another number of rows");
        }
        passes.add(inputs.rows());
        running++;
    }

    private synchronized void end() {
        running--;
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw new AssertionError(broken);
        }
    }

    @Override
    public Layer layer() {
        return new Layer("squares", "Square", REPRESENTATION);
    }

    @Override
    public Shape inputShape() {
        return INPUT;
    }

    @Override
    public boolean fakeRelu() {
        return false;
    }

    @Override
    public OptionalInt batch() {
        return batch;
    }

    private static void forward(Batch inputs, Batch representations) {
        for (int row = 0; row < inputs.rows(); row++) {
            float x = inputs.get(row, 0);
            float y = inputs.get(row, 1);
            representations.set(row, 0, x * x);
            representations.set(row, 1, y * y);
            representations.set(row, 2, x * y);
        }
    }

    private static void back(Batch inputs, Batch cotangents, Batch gradients) {
        for (int row = 0; row < inputs.rows(); row++) {
            float x = inputs.get(row, 0);
            float y = inputs.get(row, 1);
            float both = cotangents.get(row, 2);
            gradients.set(row, 0, 2 * x * cotangents.get(row, 0) + y * both);
            gradients.set(row, 1, 2 * y * cotangents.get(row, 1) + x * both);
        }
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        begin(inputs, representations);
        meanwhile.run();
        forward(inputs, representations);
        end();
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        begin(inputs, cotangents);
        require(gradients.rowShape().equals(INPUT), "gradients of another shape");
        require(gradients.rows() == inputs.rows(), "gradients of another number");
        back(inputs, cotangents, gradients);
        end();
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        begin(inputs, representations);
        forward(inputs, representations);
        var cotangents = Batch.allocate(inputs.rows(), REPRESENTATION);
        rule.apply(representations, cotangents);
        back(inputs, cotangents, gradients);
        end();
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        require(distances.length >= inputs.rows(), "no room for distances");
        begin(inputs, targets);
        end();
        LayerHook.super.distance(inputs, targets, norm, distances, gradients);
    }

    @Override
    public synchronized void close() {
        require(running == 0, "closed in the middle of a pass");
        closings++;
    }
}
