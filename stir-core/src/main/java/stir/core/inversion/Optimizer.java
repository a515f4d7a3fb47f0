package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rules by which the search moves an input.
 *
 * @since 0.1.0
 */
public enum Optimizer {
    /**
     * The published algorithm, step for step: the gradient of the relative distance, normalised to
     * length 1 for each input, times 0.5, then a clamp to [0,1]; the best iterate of each input is
     * kept. It takes every {@link Objective} and {@link Steps}: with momentum the normalised
     * gradients are summed, older ones fading, before the step. Source: Nanda et al., Measuring
     * Representational Robustness of Neural Networks Through Shared Invariances, ICML 2022, and its
     * published code.
     */
    REFERENCE,

    /**
     * A multi-secant Gauss-Newton method, for the Euclidean norm only.
     *
     * <p>The search for one input is a small non-linear least-squares problem, and a network is
     * nearly piecewise linear. Every pass gives one row {@code u'J} of the input's Jacobian J
     * through the vector-Jacobian product of a cotangent u. The last 25 pairs (u, g = J'u), or 40
     * where the residual is its own cotangent, make a linear model of the residual r; the next step
     * is this model's shortest least-squares one, kept in the box by an active set: pixels that
     * reach their bound stop, the others make up for them. Where the model leaves it free, a step
     * goes {@code 0.1 (1 - s)} of the way back to the seed, s being the share of the iterations
     * that is behind: of all invariant inputs it looks for one near its seed.
     *
     * <p>Each row is believed as far as it foretold what came. With g scaled to length 1 its ridge
     * is {@code 0.01 1.15^a}, a being the number of newer pairs, plus its doubt, the sum of {@code
     * (u'dr - g'dx)^2 / |dx|^2} over the moves dx since, by which the residual changed by dr. So
     * rows of a smooth network count for long, and those from beyond a kink for little. What all
     * rows together foretold wrongly of the last moves, as far as they tell of r, damps the step:
     * 0.03 times the mean of its square, over that of the way, where each move counts half of the
     * one after it.
     *
     * <p>The cotangent is the residual, preconditioned: {@code u = (C / (3 mean(diag C)) + I)^-1
     * r}, and 0 where r is 0. Of {@code C = J J'} only what the pairs tell is known, which is its
     * part between their cotangents, the less the more a pair is doubted; it is taken for 0
     * elsewhere. At layers of more than 512 units, or with Jacobians of more than 2^24 values, the
     * cotangent is the residual itself: most of its directions are not known there, and those of
     * more units than pixels lead nowhere.
     *
     * <p>Steps have a cap, which falls from L to 0 as {@code L 0.2^s (1 - s)}. L is the length of
     * the step that the first row asks for, {@code r'u / |g|} at the seed, and the box's diagonal
     * at most. So the number of iterations is part of the method: 100 of 100 are more than the
     * first 100 of 1000.
     *
     * <p>Fewer than 100 iterations are too few to settle. With n of them, at a layer of w units
     * where the cotangent is preconditioned, 3/n damps, 0.1 at most, in place of 0.03, the cap
     * falls as {@code L 0.2^(q s) (1 - s)}, and the pull is {@code 0.1 q (1 - s)}, where q is n /
     * 100, times w / 128 at layers of more units than 128, and 1 at most.
     *
     * <p>For images of 64 x 64 pixels or more, at layers as wide, most of the gradient is of high
     * spatial frequencies, and steps along it get nowhere: they are taken in a metric that raises a
     * frequency f by about 1 / f, from 1/4 down to 1/64 of a cycle per pixel. The pull is 0.075 to
     * the end for up to 100 iterations, {@code 7.5 / n} for more and 0.0125 at least, L is {@code 4
     * / min(n, 150)} of the box's diagonal for n iterations, pairs are 20 and age by 1.2, from a
     * ridge that falls as {@code 0.1 (1/10)^s}, in place of the damping, and pixels stop at their
     * bounds without others that make up for them. With more than 500 iterations pairs are 40 and
     * age by 1.1: most steps are so small that a pair holds for more of them.
     *
     * <p>Nothing is learnt beforehand, and inputs do not influence each other. Each input's memory
     * is as many inputs and representations as there are pairs, its seed and the point before.
     *
     * <p>A fake ReLU is used only where the ReLU is the measured layer itself ({@link
     * stir.api.FakeRelu#OF_LAYER}). There r says which units are off in both inputs, and the fake
     * gradient finds the way for those that are off in one: it left 7 to 19 % less residual on two
     * VGGs. Behind pooling r mixes units, and the steps follow the Jacobian of another function: on
     * a small ResNet the residual after 100 steps was twice that of the true gradient.
     *
     * <p>Sources: the idea of several secants at once is that of Broyden-like and Anderson methods
     * (Fang, Saad: Two classes of multisecant methods for nonlinear acceleration, 2009), here with
     * rows of the Jacobian in place of columns, as in block Kaczmarz methods; Levenberg 1944 and
     * Marquardt 1963 for the damping; for the pixels in the box, Hintermueller, Ito and Kunisch:
     * The primal-dual active set strategy as a semismooth Newton method, 2003; for the metric, a
     * pyramid, Burt and Adelson: The Laplacian pyramid as a compact image code, 1983, and Olah,
     * Mordvintsev and Schubert: Feature Visualization, 2017, who take steps in a spectrum of 1 / f.
     */
    FAST,

    /**
     * The invariant input nearest to its seed: the steps of {@link #FAST} until an input is found,
     * to a relative distance of 0.005 if no other {@link GaussNewton#tolerance} is given, and then
     * on until it comes no nearer, or to the last iteration. So different ways of searching agree
     * on one point, and on one value of STIR, as far as local minima let them.
     *
     * <p>Iterations are made in cycles of 150; at wide layers the second, if the first has not
     * found the input, goes on until it does, or as long as more than 150 are left, and its cap is
     * at most the step that its first row asks for. In each the cap and the pull fall to 0 as
     * above. From its end limited-memory BFGS steps inside the box go on, 300 or as many more as
     * lower the residual by a tenth in each 100 (150 where five tolerances are left then): down an
     * augmented Lagrangian {@code ||x' - s||^2 / 2 + mu/2 dist(l/mu + r, B)^2} of the way from the
     * seed s and the relative residual r, which is to lie in the ball B of 0.95 tolerances. It is
     * least at the nearest invariant input. Its gradient takes one pass, with the cotangent c:
     * {@code l + mu r}, shortened by mu times the radius of B. The multipliers l begin at 0 and are
     * renewed, by c, each 30 steps or where the gradient is a tenth of the way; mu, 3000 at first,
     * is tripled where that left more than three tenths of the residual. So the steps first go back
     * to where the seed is near, and from there to the invariant inputs, wherever they began. They
     * know nothing of the metric of larger images: there all iterations are one cycle, without
     * them.
     *
     * <p>Of the points within the tolerance the nearest to the seed is kept, and never given up.
     * Where the steps found it (on smooth maps they do) the search ends when renewed multipliers
     * shorten its way by less than 0.2 %. Where they gain nothing (at kinks) cycles go on without
     * them, each with 0.7 of the cap and a quarter of the damping: until an input is found from the
     * point of the least residual, with a quarter of the pull too, and then from the nearest point,
     * until a cycle shortens the way by less than 2 %. Of an input that is found some 15 more
     * passes tell how much nearer it could lie to first order ({@link Inversion#movedAtLeast}); how
     * much nearer another local minimum is, is not known. A linear map's nearest point is found up
     * to the tolerance and rounding.
     *
     * <p>An input whose residual a cycle and what followed did not lower by a tenth is stuck: it
     * begins again from another seed of the same kind ({@link Inversion#restarts}), and is still
     * pulled to its first; at wide layers few are, after the long cycle. Of one that is never found
     * the best point of all is kept. An input's memory is three inputs and representations more
     * than there are pairs, and nearly as many again after a cycle, which costs more time for each
     * iteration.
     *
     * <p>Sources: Loshchilov, Hutter: SGDR, ICLR 2017, for the cycles; Hestenes: Multiplier and
     * gradient methods, and Powell: A method for nonlinear constraints in minimization problems,
     * both 1969, for the Lagrangian, and Rockafellar: Augmented Lagrange multiplier functions and
     * duality in nonconvex programming, 1974, for its ball; Boyd, Vandenberghe: Convex
     * Optimization, 2004, chapter 5, for the bound of how near it could lie; Nocedal: Updating
     * quasi-Newton matrices with limited storage, 1980, and Bertsekas: Projected Newton methods,
     * 1982, for its steps.
     */
    THOROUGH,

    /**
     * No search: the invariant input is the candidate whose representation is nearest to the
     * input's under the distance's norm, of equal ones the first. Candidates are inputs of the same
     * shape, {@link NearestNeighbour#candidates}; where they are the inputs themselves, an input is
     * no candidate of its own. It computes no gradient, and takes layers that have none. The
     * residual is the relative distance as everywhere, the number of passes 0, and what {@link
     * Inversion#moved} tells is the distance in pixel space from the input.
     *
     * <p>Source: Neerudu et al., 2023, for language models, whose inputs are discrete.
     */
    NEAREST;

    private static final int FAST_ITERATIONS = 100;
    private static final int THOROUGH_ITERATIONS = 1000;

    /** The tolerance of {@link #THOROUGH} unless another is asked for. */
    private static final double FOUND = 0.005;

    /** The method that it names, with its own iterations and tolerance. */
    public Method method() {
        return switch (this) {
            case REFERENCE -> GradientDescent.PUBLISHED;
            case FAST ->
                    new GaussNewton(
                            GaussNewton.Effort.FAST, FAST_ITERATIONS, 0, true, Optional.empty());
            case THOROUGH ->
                    new GaussNewton(
                            GaussNewton.Effort.THOROUGH,
                            THOROUGH_ITERATIONS,
                            FOUND,
                            true,
                            Optional.empty());
            case NEAREST -> new NearestNeighbour(Norm.L2, Optional.empty());
        };
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws UsageException if there is no such optimiser
     */
    public static Optimizer parse(String text) {
        return Arrays.stream(values())
                .filter(optimizer -> optimizer.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "There is no optimizer '%s': take one of %s."
                                                .formatted(
                                                        text,
                                                        Arrays.stream(values())
                                                                .map(Optimizer::toString)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** The name in settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
