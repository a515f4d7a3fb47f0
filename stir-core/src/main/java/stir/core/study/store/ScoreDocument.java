package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.api.Caution;
import stir.core.math.statistics.Estimate;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.compute.ShuffledFloors;
import stir.core.study.plan.StudiedLayer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A {@link ScoreBlock} as its document. */
record ScoreDocument(
        String schema,
        String target,
        String reference,
        List<Map<String, String>> machines,
        List<Similarity> similarities,
        List<Baseline> ceilings,
        List<Baseline> floors,
        List<Score> scores) {
    /** The name and the version of the document. */
    static final String SCHEMA = "stir-scores/2";

    static ScoreDocument of(ScoreBlock block) {
        return new ScoreDocument(
                SCHEMA,
                block.target(),
                block.reference(),
                block.machines(),
                block.similarities().stream().map(Similarity::of).toList(),
                block.ceilings().stream().map(Baseline::ofCeiling).toList(),
                block.floors().stream().map(Baseline::ofFloor).toList(),
                block.scores().stream().map(Score::of).toList());
    }

    ScoreBlock block() {
        return new ScoreBlock(
                target,
                reference,
                machines,
                similarities.stream().map(Similarity::found).toList(),
                ceilings.stream().map(Baseline::found).toList(),
                floors.stream().map(Baseline::found).toList(),
                scores.stream().map(Score::found).toList());
    }

    private static Map<String, EstimateDocument> stored(Map<String, Estimate> estimates) {
        return EstimateDocument.map(estimates, EstimateDocument::stored);
    }

    private static Map<String, Estimate> estimates(Map<String, EstimateDocument> stored) {
        return EstimateDocument.map(stored, EstimateDocument::estimate);
    }

    /** A plain similarity. */
    record Similarity(
            StudiedLayer reference,
            StudiedLayer target,
            String dependsOn,
            Map<String, EstimateDocument> similarity,
            List<Caution> cautions) {
        static Similarity of(ScoreBlock.Similarity found) {
            return new Similarity(
                    found.reference(),
                    found.target(),
                    found.cacheKey(),
                    stored(found.values()),
                    found.cautions());
        }

        ScoreBlock.Similarity found() {
            return new ScoreBlock.Similarity(
                    reference, target, dependsOn, estimates(similarity), cautions);
        }
    }

    /** A ceiling or a floor. */
    record Baseline(
            StudiedLayer layer,
            String search,
            int repeat,
            String dependsOn,
            Optional<Map<String, EstimateDocument>> self,
            Optional<Map<String, EstimateDocument>> seedOnly,
            Optional<Map<String, EstimateDocument>> inputsOnly,
            Optional<AcceptanceDocument> acceptance) {
        static Baseline ofCeiling(ScoreBlock.Baseline found) {
            return of(found, Optional.of(stored(found.values())), Optional.empty());
        }

        static Baseline ofFloor(ScoreBlock.Baseline found) {
            return of(found, Optional.empty(), Optional.of(stored(found.values())));
        }

        private static Baseline of(
                ScoreBlock.Baseline found,
                Optional<Map<String, EstimateDocument>> self,
                Optional<Map<String, EstimateDocument>> seedOnly) {
            return new Baseline(
                    found.at(),
                    found.search(),
                    found.repeat(),
                    found.cacheKey(),
                    self,
                    seedOnly,
                    Optional.of(stored(found.inputsOnly())).filter(values -> !values.isEmpty()),
                    found.acceptance().map(AcceptanceDocument::of));
        }

        ScoreBlock.Baseline found() {
            return new ScoreBlock.Baseline(
                    layer,
                    search,
                    repeat,
                    dependsOn,
                    estimates(self.or(() -> seedOnly).orElse(Map.of())),
                    estimates(inputsOnly.orElse(Map.of())),
                    acceptance.flatMap(AcceptanceDocument::acceptance));
        }
    }

    /** A score without its ceiling and floors. */
    record Score(
            StudiedLayer reference,
            StudiedLayer target,
            String search,
            int repeat,
            long rngSeed,
            String dependsOn,
            Map<String, EstimateDocument> stir,
            Map<String, EstimateDocument> shuffled,
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
                    Map<String, DirectionDocument.Floor> permutations,
            Optional<DirectionDocument.Converged> convergedOnly,
            @JsonUnwrapped DirectionDocument.Outcomes outcomes,
            Outcomes inputs,
            List<Caution> cautions) {
        static Score of(ScoreBlock.Score found) {
            return new Score(
                    found.reference(),
                    found.target(),
                    found.search(),
                    found.repeat(),
                    found.rngSeed(),
                    found.cacheKey(),
                    stored(found.stir()),
                    stored(found.shuffled().values()),
                    EstimateDocument.map(
                            found.shuffled().permutations(), DirectionDocument.Floor::of),
                    found.converged().map(DirectionDocument.Converged::of),
                    DirectionDocument.Outcomes.of(found.outcomes()),
                    Outcomes.of(found.outcomes().inputs()),
                    found.cautions());
        }

        ScoreBlock.Score found() {
            return new ScoreBlock.Score(
                    reference,
                    target,
                    search,
                    repeat,
                    rngSeed,
                    dependsOn,
                    estimates(stir),
                    new ShuffledFloors(
                            estimates(shuffled),
                            EstimateDocument.map(permutations, DirectionDocument.Floor::floor)),
                    convergedOnly.map(DirectionDocument.Converged::score),
                    new InputOutcomes(inputs.each(), outcomes.classLayer()),
                    cautions);
        }
    }

    /** The outcome of each input, in the inputs' order; null where it is unknown. */
    record Outcomes(
            List<OptionalDouble> targetMoved,
            List<OptionalInt> classBefore,
            List<OptionalInt> classAfter) {
        static Outcomes of(List<InputOutcome> each) {
            return new Outcomes(
                    each.stream().map(InputOutcome::targetMoved).toList(),
                    each.stream().map(InputOutcome::classBefore).toList(),
                    each.stream().map(InputOutcome::classAfter).toList());
        }

        List<InputOutcome> each() {
            return IntStream.range(0, targetMoved.size())
                    .mapToObj(
                            i ->
                                    new InputOutcome(
                                            targetMoved.get(i),
                                            classBefore.get(i),
                                            classAfter.get(i)))
                    .toList();
        }
    }
}
