package stir.core.inversion;

import java.util.Locale;
import java.util.Optional;
import stir.api.Norm;
import stir.api.support.Words;

/**
 * The algorithms of a search, as users name them.
 *
 * @since 0.1.0
 */
public enum Optimizer {
    /**
     * The published algorithm, step for step: the gradient of the relative distance, normalised to
     * length 1 per input, times 0.5, then a clamp to [0,1]; the best iterate of each input is kept.
     * It supports every {@link Objective} and {@link Steps}: with momentum the normalised gradients
     * are summed, with decaying weights, before the step. Source: Nanda et al., Measuring
     * Representational Robustness of Neural Networks Through Shared Invariances, ICML 2022, and its
     * published code.
     */
    PUBLISHED,

    /**
     * A damped Gauss-Newton method with stored rows of the Jacobian, only for the Euclidean norm.
     *
     * <p>The search for one input is a small non-linear least-squares problem. Each pass yields one
     * row {@code u'J} of the input's Jacobian J through the vector-Jacobian product of a cotangent
     * u. The last rows make a linear model of the residual, in which older rows and rows that
     * predicted later changes poorly have less weight; the next step is the damped least-squares
     * step of the model inside the box. In directions that the model leaves free, steps return
     * towards the seed: of all invariant inputs the method finds one near its seed. The longest
     * step falls to 0 over the iterations, so their number is a part of the method. Large images
     * use a metric of spatial frequencies.
     *
     * <p>Inputs are optimised independently, and nothing is learnt beforehand. A fake ReLU is used
     * only if the ReLU is the measured layer itself ({@link stir.api.FakeRelu#OF_LAYER}). In
     * searches of photos with up to 100 iterations a ReLU before the layer leaks ({@link
     * stir.api.FakeRelu#LEAKY}); in longer ones, of {@link #THOROUGH} too, units that it turns off
     * at all positions are extended ({@link stir.api.FakeRelu#EXTENDED}).
     *
     * <p>{@code distribution/docs/design/optimizer.md} derives the method. Sources: Fang, Saad, Two
     * classes of multisecant methods for nonlinear acceleration, 2009, here with rows of the
     * Jacobian instead of columns; Levenberg 1944 and Marquardt 1963 for the damping;
     * Hintermueller, Ito, Kunisch, The primal-dual active set strategy as a semismooth Newton
     * method, 2003, for the box; Burt, Adelson, The Laplacian pyramid as a compact image code,
     * 1983, and Olah et al., Feature Visualization, 2017, for the metric.
     */
    FAST,

    /**
     * The invariant input nearest to its seed: the steps of {@link #FAST} until an input has
     * converged, to a relative distance of 0.005 unless {@link GaussNewton#tolerance} is set, and
     * further steps until it comes no nearer. So different search methods agree on one point, and
     * on one value of STIR, as far as local minima allow.
     *
     * <p>Iterations are made in cycles of the schedule of {@link #FAST}, each followed by
     * limited-memory BFGS steps inside the box, which minimise an augmented Lagrangian of the
     * squared distance from the seed with the residual inside the tolerance. A stuck search begins
     * again from another seed of the same kind ({@link Inversion#restarts}) and is still attracted
     * to its first. For inputs that converged, a few passes bound to first order how much nearer
     * they could be ({@link Inversion#movedAtLeast}).
     *
     * <p>{@code distribution/docs/design/optimizer.md} derives the method. Sources: Loshchilov,
     * Hutter, SGDR, ICLR 2017, for the cycles; Hestenes, Multiplier and gradient methods, and
     * Powell, A method for nonlinear constraints in minimization problems, both 1969, for the
     * Lagrangian, and Rockafellar, Augmented Lagrange multiplier functions and duality in nonconvex
     * programming, 1974, for its ball; Boyd, Vandenberghe, Convex Optimization, 2004, chapter 5,
     * for the bound; Nocedal, Updating quasi-Newton matrices with limited storage, 1980, and
     * Bertsekas, Projected Newton methods, 1982, for its steps.
     */
    THOROUGH,

    /**
     * No search: the invariant input is the first candidate whose representation is nearest to the
     * input's in the norm. Candidates are inputs of the same shape, {@link
     * NearestNeighbour#candidates}; if they are the inputs themselves, an input is not a candidate
     * for itself. The method computes no gradient and works at layers without one. The residual is
     * the relative distance as everywhere, the number of passes 0, and {@link Inversion#moved} is
     * the distance in pixel space from the input.
     *
     * <p>Source: Neerudu et al., 2023, for language models, whose inputs are discrete.
     */
    CANDIDATES;

    /** The default optimiser, for values to report. */
    static final Optimizer DEFAULT = THOROUGH;

    private static final int FAST_ITERATIONS = 100;
    private static final int THOROUGH_ITERATIONS = 1000;

    /** The tolerance of {@link #THOROUGH} if none is given. */
    private static final double THOROUGH_TOLERANCE = 0.005;

    /**
     * Returns the optimiser of a name. The paper's words {@code reference} and {@code nearest} are
     * also accepted, and so are capitals.
     *
     * @throws stir.api.UsageException if there is none; the message lists the names
     */
    static Optimizer named(String word) {
        var lower = word.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "reference" -> PUBLISHED;
            case "nearest" -> CANDIDATES;
            default -> Words.parse(Optimizer.class, "optimizer", lower);
        };
    }

    /** Returns the method of this name, with its own iterations and tolerance. */
    public Method method() {
        return switch (this) {
            case PUBLISHED -> GradientDescent.PUBLISHED;
            case FAST -> new GaussNewton(GaussNewton.Effort.FAST, StepwiseSettings.of(FAST_ITERATIONS, 0));
            case THOROUGH ->
                new GaussNewton(
                        GaussNewton.Effort.THOROUGH, StepwiseSettings.of(THOROUGH_ITERATIONS, THOROUGH_TOLERANCE));
            case CANDIDATES -> new NearestNeighbour(Norm.L2, Optional.empty(), false);
        };
    }

    /** Returns the name in settings. */
    @Override
    public String toString() {
        return Words.of(this);
    }
}
