package stir.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.score.Acceptance;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;
import stir.core.score.Judgement;
import stir.core.score.SearchQuality;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.study.StoredStudy;
import stir.core.study.StoredStudy.Run;
import stir.core.study.results.BestScores;
import stir.core.study.results.StudySimilarity;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.ResultDocument;

/**
 * The stored document of a study, with further data for the page's figures. The additions refer to
 * layers, to repeats of searches and to scores by their indices in the study's document.
 */
final class StudyData {
    private final StoredStudy study;
    private final PlanDocument plan;
    private final List<DirectedScore> scores;
    private final List<StudySimilarity> similarities;
    private final List<ScoredSearch> searches = new ArrayList<>();
    private final Map<StudiedLayer, Integer> layers = new HashMap<>();

    /** Creates the data of a study, without the arrays. */
    StudyData(StoredStudy study, PlanDocument plan) {
        this.study = study;
        this.plan = plan;
        this.scores = study.scores();
        this.similarities = study.similarities();
        study.layers().forEach(layer -> layers.put(layer, layers.size()));
        for (var run : study.runs()) {
            for (var layer : study.layers()) {
                study.inversion(layer, run).ifPresent(inversion -> searches.add(search(layer, run, inversion)));
            }
        }
    }

    /**
     * A search for the invariant inputs of a layer.
     *
     * @param quality the search and its quality
     * @param scores the scores on its invariant inputs
     */
    record ScoredSearch(StudiedLayer reference, SearchQuality quality, List<DirectedScore> scores) {
        Run run() {
            return new Run(quality.name(), quality.repeat());
        }

        Inversion inversion() {
            return quality.inversion();
        }
    }

    private ScoredSearch search(StudiedLayer reference, Run run, Inversion inversion) {
        var of = scores.stream()
                .filter(score -> score.reference().equals(reference))
                .filter(score -> run(score).equals(run))
                .toList();
        var acceptance = of.stream()
                .map(score -> score.search().acceptance())
                .flatMap(Optional<Acceptance>::stream)
                .findFirst();
        var settings = study.run(run).settings();
        return new ScoredSearch(
                reference, new SearchQuality(run.search(), run.repeat(), settings, inversion, acceptance), of);
    }

    static Run run(DirectedScore score) {
        return new Run(score.search().name(), score.search().repeat());
    }

    StoredStudy study() {
        return study;
    }

    List<DirectedScore> scores() {
        return scores;
    }

    List<ScoredSearch> searches() {
        return searches;
    }

    /** Returns the index of a layer in the document. */
    int index(StudiedLayer layer) {
        return layers.getOrDefault(layer, -1);
    }

    /** Returns the number of results of the study that are stored: scores, or else similarities. */
    int stored() {
        return study.runs().isEmpty() ? similarities.size() : scores.size();
    }

    /** Returns the number of scores of the complete study; of similarities without a search. */
    int planned() {
        return study.pairs().size() * Math.max(1, study.runs().size());
    }

    /**
     * The document that the page's scripts read.
     *
     * @param result the study's own document, with only its clearest differences
     * @param name the name of the folder
     * @param measure the measure that decides
     * @param headline the layers that stand for their networks
     * @param verdicts the answers, with their marks and meanings
     * @param rules the rules of verdicts
     * @param leftOutGaps the gaps whose scores are left out of statements about several scores
     * @param clearBelow the level of corrected p-values below which differences are clear
     * @param fewest the share of inputs that need to be accepted
     * @param sameInputs the distance from the inputs up to which a layer ignores nothing
     * @param among the p-values among all scores, by measure; one entry per score
     */
    record Document(
            ResultDocument result,
            String name,
            int planned,
            String measure,
            List<Integer> headline,
            List<Answer> verdicts,
            List<Judgement.Rule> rules,
            List<Gap> leftOutGaps,
            double clearBelow,
            double fewest,
            double sameInputs,
            List<SearchEntry> searches,
            List<Comparisons.DirectionDifference> asymmetries,
            Comparisons.Extent differences,
            SideBySide.Document sideBySide,
            Gallery.Document gallery,
            List<Map<String, BestScores.Probabilities>> among) {}

    /** An answer, its mark in matrices, its meaning, and whether it answers the question. */
    record Answer(Verdict word, String mark, String meaning, boolean known) {
        private static List<Answer> all() {
            return Arrays.stream(Verdict.values())
                    .map(word -> new Answer(word, word.mark(), word.meaning(), word.isKnown()))
                    .toList();
        }
    }

    /**
     * A search in the document.
     *
     * @param residuals the residuals of inputs, or quantiles of many
     * @param movedHigh a bound of how far all targets moved
     * @param moved the distances that targets moved
     */
    private record SearchEntry(
            int reference,
            int run,
            SearchQuality search,
            List<Float> residuals,
            List<TracePoint> trace,
            double movedHigh,
            List<Moved> moved) {}

    /** A target, and the number of inputs by how far it moved. */
    private record Moved(int target, List<Integer> counts) {}

    Document document(String name, SideBySide.Document sideBySide, Gallery.Document gallery) {
        var comparisons = new Comparisons(study, scores);
        var differences = comparisons.clearest();
        var best = BestScores.of(scores, study.measures());
        return new Document(
                ResultDocument.of(plan, scores, similarities, differences, best, study.groups()),
                name,
                planned(),
                Verdict.measure(List.copyOf(study.measures().keySet())),
                headline().stream().map(this::index).toList(),
                Answer.all(),
                Judgement.rules(),
                Arrays.stream(Gap.values()).filter(Gap::isLeftOut).toList(),
                Judgement.LEVEL,
                Judgement.FEWEST,
                Inversion.SAME_INPUTS,
                searches.stream().map(this::document).toList(),
                comparisons.asymmetries(headline()),
                new Comparisons.Extent(differences.possible(), differences.isTooMany()),
                sideBySide,
                gallery,
                among(best));
    }

    private List<Map<String, BestScores.Probabilities>> among(BestScores best) {
        var among = new ArrayList<Map<String, BestScores.Probabilities>>();
        for (var score : scores) {
            var ofScore = new TreeMap<String, BestScores.Probabilities>();
            for (var measure : study.measures().keySet()) {
                best.of(score, measure).ifPresent(probabilities -> ofScore.put(measure, probabilities));
            }
            among.add(ofScore);
        }
        return among;
    }

    /** Returns the last layer of each network, or all layers of a single one. */
    private List<StudiedLayer> headline() {
        var all = study.layers();
        var last = new TreeMap<String, StudiedLayer>();
        all.forEach(layer -> last.put(layer.model(), layer));
        return last.size() > 1 ? all.stream().filter(last::containsValue).toList() : all;
    }

    private SearchEntry document(ScoredSearch search) {
        var inversion = search.inversion();
        double high = Counts.bound(search.scores().stream().flatMap(score -> moved(score).stream()));
        return new SearchEntry(
                index(search.reference()),
                study.runs().indexOf(search.run()),
                search.quality(),
                Counts.quantiles(IntStream.range(0, inversion.count())
                        .mapToObj(inversion::residual)
                        .toList()),
                inversion.trace(),
                high,
                search.scores().stream()
                        .map(score -> new Moved(index(score.target()), counts(score, high)))
                        .filter(one -> one.counts().stream().anyMatch(count -> count > 0))
                        .toList());
    }

    private static List<Integer> counts(DirectedScore score, double high) {
        return Counts.histogram(moved(score), high);
    }

    /** Returns the distance that the target moved at each input, if it is known. */
    private static List<Double> moved(DirectedScore score) {
        return score.outcomes().inputs().stream()
                .map(outcome -> outcome.targetMoved())
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
    }
}
