package stir.core.score;

import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import stir.core.math.statistics.Summary;

/** A score in all documents: its values by measure, and a summary of its inputs. */
record DirectionDocument(
        String target,
        String targetLayer,
        String reference,
        String referenceLayer,
        String measure,
        Judgement verdict,
        Map<String, MeasureScore> measures,
        Optional<Metamers> sharedMetamers,
        SearchQuality search,
        Outcomes outcomes,
        List<CautionText.Document> cautions) {
    /** The shared metamers, with the ends of their interval. */
    record Metamers(double share, double low, double high, int shared, int accepted, double floor) {
        private static Metamers of(SharedMetamers of) {
            var interval = of.interval();
            return new Metamers(of.share(), interval.low(), interval.high(), of.shared(), of.accepted(), of.floor());
        }
    }

    /** The target's responses to all invariant inputs together. */
    record Outcomes(
            Optional<Summary> targetMoved,
            OptionalDouble targetMovedInUnits,
            OptionalDouble threshold,
            Optional<Summary> pointwise,
            OptionalDouble classAgreement,
            Optional<String> classLayer,
            List<ClassOutcome> classes,
            List<ChangedParts.Component> components,
            OptionalDouble changeElsewhere,
            Optional<Stitching> stitching) {
        private static Outcomes of(InputOutcomes outcomes) {
            return new Outcomes(
                    outcomes.targetMoved(),
                    outcomes.targetMovedInUnits(),
                    outcomes.threshold().stream()
                            .mapToDouble(TargetThreshold::threshold)
                            .findFirst(),
                    outcomes.pointwise(),
                    outcomes.classAgreement(),
                    outcomes.classLayer(),
                    outcomes.classes(),
                    outcomes.parts().map(ChangedParts::components).orElse(List.of()),
                    outcomes.parts().stream()
                            .filter(parts -> !parts.components().isEmpty())
                            .mapToDouble(ChangedParts::elsewhere)
                            .findFirst(),
                    outcomes.stitching());
        }
    }

    /** Writes scores. */
    static final class Writer extends StdConverter<DirectedScore, DirectionDocument> {
        @Override
        public DirectionDocument convert(DirectedScore score) {
            return new DirectionDocument(
                    score.target().model(),
                    score.target().layer(),
                    score.reference().model(),
                    score.reference().layer(),
                    score.measure(),
                    score.verdict(),
                    score.measures(),
                    score.sharedMetamers().map(Metamers::of),
                    score.search(),
                    Outcomes.of(score.outcomes()),
                    CautionText.document(score.cautions()));
        }
    }
}
