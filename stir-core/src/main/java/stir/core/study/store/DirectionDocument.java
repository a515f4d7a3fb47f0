package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Summary;
import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcomes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A direction of a comparison, as all documents hold it. */
public record DirectionDocument(
        @JsonAnyGetter Map<String, Score> stir,
        @JsonUnwrapped Outcomes outcomes,
        Optional<Converged> convergedOnly,
        Optional<AcceptanceDocument> acceptance) {
    /** Returns the document of a direction, with the acceptance of all inputs together. */
    public static DirectionDocument of(DirectedScore score) {
        return of(score, score.acceptance().map(AcceptanceDocument::ofAll));
    }

    /** Returns the document of a direction, with the acceptance of each input. */
    public static DirectionDocument withInputs(DirectedScore score) {
        return of(score, score.acceptance().map(AcceptanceDocument::of));
    }

    private static DirectionDocument of(
            DirectedScore score, Optional<AcceptanceDocument> acceptance) {
        var stir = new LinkedHashMap<String, Score>();
        for (var one : score.stir().entrySet()) {
            var corrected = Optional.ofNullable(score.baselineCorrected().get(one.getKey()));
            stir.put(one.getKey(), Score.of(one.getValue(), corrected));
        }
        return new DirectionDocument(
                stir,
                Outcomes.of(score.outcomes()),
                score.converged().map(Converged::of),
                acceptance);
    }

    /** A score with its baseline-corrected value, where that is defined. */
    public record Score(
            @JsonUnwrapped EstimateDocument stir,
            OptionalDouble baselineCorrected,
            Optional<Ends> baselineCorrectedCi) {
        private static Score of(Estimate estimate, Optional<Estimate> corrected) {
            return new Score(
                    EstimateDocument.of(estimate),
                    corrected.map(Estimate::value).orElse(OptionalDouble.empty()),
                    corrected.flatMap(Estimate::interval).map(Ends::of));
        }
    }

    /** The outcomes of all inputs together. */
    public record Outcomes(
            Optional<Summary> targetMoved,
            OptionalDouble classAgreement,
            Optional<String> classLayer) {
        static Outcomes of(InputOutcomes outcomes) {
            return new Outcomes(
                    outcomes.targetMoved(), outcomes.classAgreement(), outcomes.classLayer());
        }
    }

    /** The score of the inputs that were found. */
    public record Converged(double within, int count, Map<String, EstimateDocument> stir) {
        static Converged of(ConvergedScore converged) {
            return new Converged(
                    converged.within(),
                    converged.count(),
                    EstimateDocument.map(converged.stir(), EstimateDocument::stored));
        }

        ConvergedScore score() {
            return new ConvergedScore(
                    within, count, EstimateDocument.map(stir, EstimateDocument::estimate));
        }
    }

    /** The floor of shuffled inputs. */
    public record Floor(double mean, double sd, double pValue, int count) {
        static Floor of(PermutationFloor floor) {
            return new Floor(
                    floor.mean(), floor.standardDeviation(), floor.pValue(), floor.permutations());
        }

        PermutationFloor floor() {
            return new PermutationFloor(mean, sd, pValue, count);
        }
    }

    /** The ceiling and the floors of a direction, by measure. */
    public record Baselines(
            Map<String, OptionalDouble> self,
            Map<String, OptionalDouble> seedOnly,
            Map<String, OptionalDouble> shuffled,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, OptionalDouble> inputsOnly,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Floor> permutations,
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    Map<String, Map<String, String>> undefined) {
        /** Returns the ceiling and the floors of a direction. */
        public static Baselines of(DirectedScore score) {
            var undefined = new LinkedHashMap<String, Map<String, String>>();
            addUndefined(undefined, "self", score.self());
            addUndefined(undefined, "seed-only", score.seedOnly());
            addUndefined(undefined, "shuffled", score.shuffled());
            addUndefined(undefined, "inputs-only", score.inputsOnly());
            addUndefined(undefined, "baseline-corrected", score.baselineCorrected());
            return new Baselines(
                    EstimateDocument.numbers(score.self()),
                    EstimateDocument.numbers(score.seedOnly()),
                    EstimateDocument.numbers(score.shuffled()),
                    EstimateDocument.numbers(score.inputsOnly()),
                    EstimateDocument.map(score.permutations(), Floor::of),
                    undefined);
        }

        private static void addUndefined(
                Map<String, Map<String, String>> undefined,
                String kind,
                Map<String, Estimate> values) {
            var reasons = new LinkedHashMap<String, String>();
            values.forEach(
                    (measure, of) -> of.undefined().ifPresent(why -> reasons.put(measure, why)));
            if (!reasons.isEmpty()) {
                undefined.put(kind, reasons);
            }
        }
    }
}
