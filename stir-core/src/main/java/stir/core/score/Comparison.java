package stir.core.score;

import stir.api.Caution;
import stir.api.Scale;
import stir.api.Shape;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.network.NetworkSummary;

import java.util.List;
import java.util.Map;

/**
 * A comparison of two networks in both directions, with everything that determined the values.
 *
 * @param a the first network
 * @param b the second network
 * @param inputs the source of the inputs
 * @param count the number of inputs
 * @param inputShape the shape of each
 * @param similarity the plain similarity {@code S(a(X), b(X))} per measure
 * @param aGivenB STIR(a | b): the target is a, the reference b
 * @param bGivenA STIR(b | a): the target is b, the reference a
 * @param differences STIR(a | b) minus STIR(b | a) per measure, on the same inputs and of the first
 *     repeat; missing where a value is, or where there are too few inputs. Where the two layers
 *     differ in width, a measure whose value depends on the width (see the cautions) may differ for
 *     this reason alone
 * @param cautions reasons why values should not be trusted; those of only one direction have the
 *     fact {@link CautionFacts#DIRECTION}
 * @param scales the scale of each measure
 * @param settings the requested settings
 * @param versions the versions of Stir, Java and the libraries that computed, and other facts about
 *     the machine
 * @since 0.1.0
 */
public record Comparison(
        NetworkSummary a,
        NetworkSummary b,
        String inputs,
        int count,
        Shape inputShape,
        Map<String, Estimate> similarity,
        DirectedScore aGivenB,
        DirectedScore bGivenA,
        Map<String, Difference> differences,
        List<Caution> cautions,
        Map<String, Scale> scales,
        ScoreSettings settings,
        Map<String, String> versions) {}
