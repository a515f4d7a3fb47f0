package stir.core.inversion.optimizer.constraint;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.inversion.Ball;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The projection onto a ball within the box [0,1]. The ball's centre lies in the box, so that a
 * point of the ball stays in it when it is clamped.
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record BallProjection(Ball ball, float[] centre) implements Projection {
    /** The share by which a point is drawn in further where rounding leaves it outside. */
    private static final double ROUNDING = 1e-7;

    /**
     * Returns the projection of an input.
     *
     * @param inputs the inputs of the search
     * @param input the input's index
     * @param seed its first point
     */
    public static BallProjection of(Ball ball, Inputs inputs, int input, float[] seed) {
        var centre = seed.clone();
        if (ball.centre() == Ball.Centre.INPUT) {
            var pixels = Batch.allocate(1, inputs.shape());
            inputs.read(input, pixels, 0);
            pixels.buffer().get(0, centre);
        }
        Box.clamp(centre);
        return new BallProjection(ball, centre);
    }

    @Override
    public void project(float[] point) {
        Box.clamp(point);
        if (ball.norm().equals(Norm.LINF)) {
            for (int i = 0; i < point.length; i++) {
                point[i] = within(point[i], centre[i]);
            }
            return;
        }
        double slack = 0;
        for (double length = length(point); length > ball.radius(); length = length(point)) {
            double factor = ball.radius() / length * (1 - slack);
            for (int i = 0; i < point.length; i++) {
                point[i] = Box.clamp((float) (centre[i] + factor * ((double) point[i] - centre[i])));
            }
            slack = slack == 0 ? ROUNDING : Math.min(1, 2 * slack);
        }
    }

    private float within(float value, float middle) {
        double difference = (double) value - middle;
        if (Math.abs(difference) <= ball.radius()) {
            return value;
        }
        float reached = Box.clamp((float) (middle + Math.signum(difference) * ball.radius()));
        while (Math.abs((double) reached - middle) > ball.radius()) { // by rounding
            reached = Math.nextAfter(reached, (double) middle);
        }
        return reached;
    }

    private double length(float[] point) {
        return Math.sqrt(Vectors.squaredDistance(point, centre));
    }
}
