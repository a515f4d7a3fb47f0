package stir.core.study.store;

import stir.core.score.Acceptance;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The acceptance of a reference's invariant inputs, as all documents hold it.
 *
 * @param share the share of the inputs that are accepted
 * @param threshold the residual below which an input is accepted
 * @param classLayer the layer of the predicted classes
 * @param different the representations of different inputs
 * @param inputs one outcome per input; empty in documents of many scores
 */
public record AcceptanceDocument(
        double share,
        double threshold,
        Optional<String> classLayer,
        Acceptance.DifferentInputs different,
        Optional<Outcomes> inputs) {
    /** The outcome of each input, in the inputs' order; null where it is unknown. */
    public record Outcomes(
            List<Boolean> accepted,
            List<OptionalDouble> correlation,
            List<OptionalInt> classBefore,
            List<OptionalInt> classAfter) {
        private static Outcomes of(List<Acceptance.Outcome> each) {
            return new Outcomes(
                    each.stream().map(Acceptance.Outcome::accepted).toList(),
                    each.stream().map(Acceptance.Outcome::correlation).toList(),
                    each.stream().map(Acceptance.Outcome::classBefore).toList(),
                    each.stream().map(Acceptance.Outcome::classAfter).toList());
        }

        private List<Acceptance.Outcome> each() {
            return IntStream.range(0, accepted.size())
                    .mapToObj(
                            i ->
                                    new Acceptance.Outcome(
                                            accepted.get(i),
                                            correlation.get(i),
                                            classBefore.get(i),
                                            classAfter.get(i)))
                    .toList();
        }
    }

    /** Returns the document with the outcome of each input. */
    public static AcceptanceDocument of(Acceptance acceptance) {
        return of(acceptance, Optional.of(Outcomes.of(acceptance.inputs())));
    }

    /** Returns the document of all inputs together. */
    static AcceptanceDocument ofAll(Acceptance acceptance) {
        return of(acceptance, Optional.empty());
    }

    private static AcceptanceDocument of(Acceptance acceptance, Optional<Outcomes> inputs) {
        return new AcceptanceDocument(
                acceptance.share(),
                acceptance.threshold(),
                acceptance.classLayer(),
                acceptance.different(),
                inputs);
    }

    /** Returns the acceptance; empty if the document lacks the outcomes of the inputs. */
    Optional<Acceptance> acceptance() {
        return inputs.map(Outcomes::each)
                .filter(outcomes -> !outcomes.isEmpty())
                .map(outcomes -> new Acceptance(different, threshold, classLayer, outcomes));
    }
}
