package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/** A rule that leaves everything but the steps, if nothing else is said, to the rule behind it. */
abstract class RuleInFront implements UpdateRule {
    /** The rule behind this one. */
    final UpdateRule rule;

    RuleInFront(UpdateRule rule) {
        this.rule = rule;
    }

    @Override
    public void begin(int slot, int input, Batch points) {
        rule.begin(slot, input, points);
    }

    @Override
    public void move(int from, int to) {
        rule.move(from, to);
    }

    @Override
    public final void differentiate(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        rule.differentiate(evaluator, points, targets, norm, distances, gradients);
    }

    @Override
    public final double residual(int slot, double distance) {
        return rule.residual(slot, distance);
    }

    @Override
    public int restarts(int slot) {
        return rule.restarts(slot);
    }

    @Override
    public final double value(int slot, double residual) {
        return rule.value(slot, residual);
    }
}
