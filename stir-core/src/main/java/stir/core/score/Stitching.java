package stir.core.score;

import java.util.OptionalDouble;

/**
 * The answers of a stitched network: the reference up to its layer, an affine map to the target's
 * layer, and the target's head. An answer is the largest output. The map is fitted on half of the
 * inputs by ridge regression, and the answers are those of the other half. Stitching asks whether
 * the reference's layer holds what the target's head needs, and does not see invariances that the
 * target does not share: since m(x') is nearly m(x), the stitched network answers x' like x.
 *
 * <p>Sources: Lenc and Vedaldi 2015, Understanding image representations by measuring their
 * equivariance and equivalence; Bansal, Nakkiran and Barak 2021, Revisiting model stitching to
 * compare neural representations; Athanasiadis et al. 2025, arXiv 2505.20142.
 *
 * @param fitted the number of inputs on which the map was fitted
 * @param inputs the number of the other inputs
 * @param ridge the chosen ridge, from 1e-6 to 10 times the largest squared singular value of the
 *     reference's centred representations
 * @param stitchedAgreement the share of the other inputs x, from 0 to 1, for which the stitched
 *     network and the target give the same answer
 * @param stitchedAgreementAfter the same for their x'
 * @param stitchedAccuracy the share of the other inputs with a class, from 0 to 1, for which the
 *     stitched network's answer is that class; empty without classes
 * @param stitchedAccuracyAfter the same for their x', whose class is that of x
 * @param targetAccuracy as {@code stitchedAccuracy}, of the target
 * @param targetAccuracyAfter as {@code stitchedAccuracyAfter}, of the target
 * @since 0.1.0
 */
public record Stitching(
        int fitted,
        int inputs,
        double ridge,
        double stitchedAgreement,
        double stitchedAgreementAfter,
        OptionalDouble stitchedAccuracy,
        OptionalDouble stitchedAccuracyAfter,
        OptionalDouble targetAccuracy,
        OptionalDouble targetAccuracyAfter) {}
