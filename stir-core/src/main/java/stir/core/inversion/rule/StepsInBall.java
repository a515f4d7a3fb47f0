package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.inversion.Ball;
import stir.core.network.pass.Box;

/**
 * A rule whose points stay in a ball and in the box [0,1]: after each step of the rule behind it
 * the point is projected onto the ball. The ball's centre lies in the box, so that a point of the
 * ball stays in it when it is clamped. For one worker.
 */
final class StepsInBall extends RuleInFront {
    /** By what a point is drawn in further if rounding left it outside. */
    private static final double ROUNDING = 1e-7;

    private final Ball ball;
    private final Inputs inputs;
    private final Batch centres;
    private final float[] centre;
    private final float[] first;

    /**
     * A rule in front of another.
     *
     * @param inputs what the search is for
     * @param slots of the working batch
     */
    StepsInBall(UpdateRule rule, Ball ball, Inputs inputs, int slots) {
        super(rule);
        this.ball = ball;
        this.inputs = inputs;
        this.centres = Batch.allocate(slots, inputs.shape());
        this.centre = new float[centres.rowSize()];
        this.first = new float[centres.rowSize()];
    }

    @Override
    public void begin(int slot, int input, Batch points) {
        if (ball.centre() == Ball.Centre.INPUT) {
            inputs.read(input, centres, slot);
        } else {
            centres.copyRow(points, slot, slot);
        }
        centres.buffer().get(slot * centre.length, centre);
        for (int i = 0; i < centre.length; i++) {
            centre[i] = Box.clamp(centre[i]);
        }
        centres.buffer().put(slot * centre.length, centre);
        points.buffer().get(slot * first.length, first);
        project(first);
        points.buffer().put(slot * first.length, first);
        rule.begin(slot, input, points);
    }

    /** Projects a point onto the ball around {@link #centre} and clamps it to the box. */
    private void project(float[] point) {
        for (int i = 0; i < point.length; i++) {
            point[i] = Box.clamp(point[i]);
        }
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
                point[i] =
                        Box.clamp((float) (centre[i] + factor * ((double) point[i] - centre[i])));
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
        double squares = 0;
        for (int i = 0; i < point.length; i++) {
            double difference = (double) point[i] - centre[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void move(int from, int to) {
        rule.move(from, to);
        centres.copyRow(centres, from, to);
    }

    @Override
    public void step(int slot, int step, double distance, float[] point, float[] gradient) {
        rule.step(slot, step, distance, point, gradient);
        centres.buffer().get(slot * centre.length, centre);
        project(point);
    }
}
