package stir.core.study.store;

import stir.api.Caution;
import stir.api.Scale;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Estimate;
import stir.core.score.Acceptance;
import stir.core.score.ConvergedScore;
import stir.core.score.DirectedScore;
import stir.core.score.compute.Baselines;
import stir.core.score.compute.SearchCautions;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Puts a score together from what three units have found: the target on the reference's inputs, the
 * reference on its own, and the target on the seeds.
 *
 * @param scales the scales of the measures, in the order in which values are given
 * @param blocks the function that reads the block of a target model and a reference model, each
 *     once
 */
public record Assembly(Map<String, Scale> scales, BiFunction<String, String, ScoreBlock> blocks) {
    /** Keeps the order of the measures, and the blocks that are read. */
    public Assembly {
        scales = new LinkedHashMap<>(scales);
        var read = new HashMap<List<String>, ScoreBlock>();
        var source = blocks;
        blocks =
                (target, reference) ->
                        read.computeIfAbsent(
                                List.of(target, reference),
                                unused -> source.apply(target, reference));
    }

    /** The plain similarity of a pair; empty if it is not stored. */
    public Optional<ScoreBlock.Similarity> similarity(PlannedPair pair) {
        return block(pair).similarities().stream()
                .filter(found -> found.reference().equals(pair.reference()))
                .filter(found -> found.target().equals(pair.target()))
                .reduce((first, last) -> last)
                .map(found -> found.of(chosen(found.values()), chosen(found.cautions())));
    }

    private ScoreBlock block(PlannedPair pair) {
        return blocks.apply(pair.target().model(), pair.reference().model());
    }

    /** The values of the measures that are asked for. */
    private Map<String, Estimate> chosen(Map<String, Estimate> values) {
        var chosen = new LinkedHashMap<String, Estimate>();
        for (var measure : scales.keySet()) {
            var value = values.get(measure);
            if (value != null) {
                chosen.put(measure, value);
            }
        }
        return chosen;
    }

    /** Returns the cautions that are not about a measure that is stored and not asked for. */
    private List<Caution> chosen(List<Caution> cautions) {
        return cautions.stream()
                .filter(caution -> caution.measure().map(scales::containsKey).orElse(true))
                .toList();
    }

    /**
     * The score of a pair after a repeat of a search; empty if it is not stored.
     *
     * @param inversion the invariant inputs
     */
    public Optional<DirectedScore> score(
            PlannedPair pair, String search, int repeat, Inversion inversion) {
        return block(pair).scores().stream()
                .filter(found -> found.reference().equals(pair.reference()))
                .filter(found -> found.target().equals(pair.target()))
                .filter(found -> found.search().equals(search) && found.repeat() == repeat)
                .reduce((first, last) -> last)
                .map(found -> score(found, inversion));
    }

    private DirectedScore score(ScoreBlock.Score found, Inversion inversion) {
        var ofReference =
                blocks.apply(found.reference().model(), found.reference().model()).ceilings();
        var ofTarget = blocks.apply(found.target().model(), found.target().model()).floors();
        var stir = chosen(found.stir());
        var ceiling = baseline(ofReference, found.reference(), found);
        var self = chosen(values(ceiling));
        var seedOnly = chosen(values(baseline(ofTarget, found.target(), found)));
        var inputsOnly = chosen(ceiling.map(ScoreBlock.Baseline::inputsOnly).orElse(Map.of()));
        var acceptance = ceiling.flatMap(ScoreBlock.Baseline::acceptance);
        var shuffled = chosen(found.shuffled().values());
        var permutations = new LinkedHashMap<>(found.shuffled().permutations());
        permutations.keySet().retainAll(shuffled.keySet());
        return new DirectedScore(
                stir,
                self,
                seedOnly,
                shuffled,
                inputsOnly,
                permutations,
                Baselines.correct(scales, stir, self, seedOnly, shuffled),
                found.converged()
                        .map(
                                converged ->
                                        new ConvergedScore(
                                                converged.within(),
                                                converged.count(),
                                                chosen(converged.stir()))),
                Map.of(),
                found.outcomes(),
                inversion,
                acceptance,
                cautions(found, inversion, acceptance));
    }

    private List<Caution> cautions(
            ScoreBlock.Score found, Inversion inversion, Optional<Acceptance> acceptance) {
        var cautions =
                new ArrayList<>(
                        SearchCautions.judged(chosen(found.cautions()), inversion, acceptance));
        SearchCautions.near(inversion).ifPresent(cautions::add);
        return cautions;
    }

    private static Map<String, Estimate> values(Optional<ScoreBlock.Baseline> baseline) {
        return baseline.map(ScoreBlock.Baseline::values).orElse(Map.of());
    }

    private static Optional<ScoreBlock.Baseline> baseline(
            List<ScoreBlock.Baseline> baselines, StudiedLayer at, ScoreBlock.Score of) {
        return baselines.stream()
                .filter(found -> found.at().equals(at) && found.repeat() == of.repeat())
                .filter(found -> found.search().equals(of.search()))
                .reduce((first, last) -> last);
    }
}
