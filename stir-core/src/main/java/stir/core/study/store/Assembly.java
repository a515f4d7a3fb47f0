package stir.core.study.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Scale;
import stir.core.inversion.Inversion;
import stir.core.score.DirectedScore;
import stir.core.score.Judgement;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.SearchQuality;
import stir.core.score.SharedMetamers;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.score.compute.Baselines;
import stir.core.score.compute.SearchCautions;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.results.StudySimilarity;
import stir.core.study.store.ScoreBlock.Kind;
import stir.core.study.store.ScoreBlock.Part;
import stir.core.study.store.ScoreBlock.Place;

/**
 * Puts a score together from what three units have found: the target on the reference's inputs, the
 * reference on its own, and the target on the seeds; and judges it.
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
        var known = scales;
        blocks = (target, reference) -> read.computeIfAbsent(
                List.of(target, reference), unused -> checked(source.apply(target, reference), known));
    }

    /** Refuses stored values that their measure can't have: somebody has changed the file. */
    private static ScoreBlock checked(ScoreBlock block, Map<String, Scale> scales) {
        for (var part : block.parts()) {
            part.measures().forEach((measure, values) -> {
                var scale = scales.get(measure);
                if (scale != null && !values.isWithin(scale)) {
                    throw new DataException(
                            "The stored scores of %s on %s are damaged: a value of %s is missing, or not from %s to %s. Remove scores/%s/%s.json to compute them again."
                                    .formatted(
                                            block.target(),
                                            block.reference(),
                                            measure,
                                            scale.lowest(),
                                            scale.highest(),
                                            StudyFolder.name(block.target()),
                                            StudyFolder.name(block.reference())));
                }
            });
        }
        return block;
    }

    /** Returns the similarity of a pair; empty if it is not stored. */
    public Optional<StudySimilarity> similarity(PlannedPair pair) {
        return similarityPart(pair)
                .map(part -> new StudySimilarity(
                        pair.target(), pair.reference(), merged(List.of(part)), chosen(part.cautions())));
    }

    private Optional<Part> similarityPart(PlannedPair pair) {
        return part(Kind.SIMILARITY, pair.target(), pair.reference(), "", 0);
    }

    private Optional<Part> part(Kind kind, StudiedLayer target, StudiedLayer reference, String search, int repeat) {
        return blocks.apply(target.model(), reference.model()).find(new Place(kind, target, reference, search, repeat));
    }

    /** Returns the values of all parts, of the measures that are asked for and stored. */
    private Map<String, MeasureScore> merged(List<Part> parts) {
        var merged = new LinkedHashMap<String, MeasureScore>();
        for (var measure : scales.keySet()) {
            var values = MeasureScore.NONE;
            for (var part : parts) {
                values = values.with(part.measures().getOrDefault(measure, MeasureScore.NONE));
            }
            if (!values.equals(MeasureScore.NONE)) {
                merged.put(measure, values);
            }
        }
        return merged;
    }

    /** Returns the cautions that are not about a measure that is stored and not asked for. */
    private List<Caution> chosen(List<Caution> cautions) {
        return cautions.stream()
                .filter(caution -> caution.measure().map(scales::containsKey).orElse(true))
                .toList();
    }

    /**
     * Returns the score of a pair after a repeat of a search; empty if it is not stored.
     *
     * @param inversion the invariant inputs
     */
    public Optional<DirectedScore> score(PlannedPair pair, SearchRun run, Inversion inversion) {
        return part(Kind.STIR, pair.target(), pair.reference(), run.search(), run.repeat())
                .map(part -> score(part, run, inversion));
    }

    private DirectedScore score(Part stir, SearchRun run, Inversion inversion) {
        var target = stir.place().target();
        var reference = stir.place().reference();
        var ceiling = part(Kind.CEILING, reference, reference, run.search(), run.repeat());
        var floor = part(Kind.FLOOR, target, target, run.search(), run.repeat());
        var similarity = similarityPart(new PlannedPair(reference, target));
        var acceptance = ceiling.flatMap(Part::acceptance);
        var search = new SearchQuality(run.search(), run.repeat(), run.settings(), inversion, acceptance);
        var parts = Stream.of(similarity, ceiling, floor, Optional.of(stir))
                .flatMap(Optional::stream)
                .toList();
        var measures = new LinkedHashMap<String, MeasureScore>();
        merged(parts).forEach((measure, values) -> {
            if (stir.measures().containsKey(measure)) {
                measures.put(measure, corrected(measure, values));
            }
        });
        var outcomes = stir.outcomes().orElseThrow();
        var decides = Verdict.measure(List.copyOf(measures.keySet()));
        var cautions = new ArrayList<>(SearchCautions.judged(chosen(stir.cautions()), inversion, acceptance));
        SearchCautions.near(inversion).ifPresent(cautions::add);
        return new DirectedScore(
                target,
                reference,
                search,
                measures,
                Judgement.of(
                        Objects.requireNonNull(measures.get(decides)),
                        scale(decides),
                        search,
                        SharedMetamers.of(acceptance, outcomes)),
                outcomes,
                cautions);
    }

    private Scale scale(String measure) {
        return scales.getOrDefault(measure, Scale.UNIT);
    }

    /**
     * Returns the values with the corrected one. An earlier study of other measures may have stored
     * the similarity of the inputs by a measure that decides no more; it is left out, so that
     * results do not depend on earlier studies.
     */
    private MeasureScore corrected(String measure, MeasureScore stored) {
        boolean decides = measure.equals(Verdict.measure(List.copyOf(scales.keySet())));
        var values = decides ? stored : stored.without(Quantity.INPUT_SIMILARITY);
        return values.with(Quantity.CORRECTED, Baselines.correct(scale(measure), values));
    }
}
