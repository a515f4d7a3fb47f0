package stir.cli.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.api.Scale;
import stir.api.UsageException;
import stir.core.io.files.Table;
import stir.core.score.DirectedScore;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.study.names.NamePattern;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.Asymmetry;
import stir.core.study.results.StudyResults;

/**
 * Targets by references: the STIRs of a study by the measure that decides, after the first repeat
 * of its first search, at the last layer of each network or at chosen layers. Without a search, the
 * similarities.
 */
final class StudyGrid {
    /** The widest grid that is not divided, in columns of numbers. */
    private static final int UNDIVIDED = 12;

    /** The characters of a name that are shown even where this takes another block. */
    private static final int LABEL = 20;

    /** The most networks that a line names for a layer. */
    private static final int NAMED = 3;

    /** The number of characters of names that fit on top of a table of a paper. */
    private static final int LONGEST_HEAD = 50;

    private final String measure;
    private final Scale scale;
    private final Optional<SearchRun> run;
    private final List<StudiedLayer> targets;
    private final List<StudiedLayer> references;
    private final Map<PlannedPair, DirectedScore> scores = new HashMap<>();
    private final Map<PlannedPair, String> similarities = new HashMap<>();
    private final List<DirectedScore> compared = new ArrayList<>();
    private final List<StudiedLayer> shown;

    /**
     * Creates a grid.
     *
     * @param at the layers to show, as for {@link #layers}
     */
    StudyGrid(StudyResults results, List<String> at) {
        var plan = results.plan();
        this.measure = Verdict.measure(plan.experiment().measures());
        this.scale = Objects.requireNonNull(results.scales().get(measure), measure);
        this.run = plan.runs().stream().findFirst();
        this.targets = layers(plan, plan.targets(), at);
        this.references = layers(plan, plan.references(), at);
        this.shown =
                Stream.of(targets, references).flatMap(List::stream).distinct().toList();
        if (run.isEmpty()) {
            for (var similarity : results.similarities()) {
                similarities.put(
                        new PlannedPair(similarity.reference(), similarity.target()),
                        TextTable.number(
                                Objects.requireNonNull(similarity.measures().get(measure), measure)
                                        .of(Quantity.SIMILARITY),
                                2));
            }
        }
        for (var score : results.scores()) {
            if (isOfRun(score) && targets.contains(score.target()) && references.contains(score.reference())) {
                scores.put(PlannedPair.of(score), score);
                if (!score.search().ignoresNothing()) {
                    compared.add(score);
                }
            }
        }
    }

    /** Returns whether a score is of the search and repeat that the grid shows. */
    boolean isOfRun(DirectedScore score) {
        return score.search().name().equals(run().search()) && score.search().repeat() == run().repeat();
    }

    /**
     * Checks a choice of layers.
     *
     * @param at the layers to show, as for {@link #layers}
     * @throws UsageException if a text matches no layer
     */
    static void check(StudyPlan plan, List<String> at) {
        var all = new LinkedHashSet<>(plan.targets());
        all.addAll(plan.references());
        for (var pattern : at) {
            if (all.stream().noneMatch(layer -> matches(layer, pattern))) {
                throw new UsageException("No layer of the study matches '%s': use one of %s."
                        .formatted(
                                pattern,
                                all.stream().map(StudiedLayer::layer).distinct().collect(Collectors.joining(", "))));
            }
        }
    }

    private static boolean matches(StudiedLayer layer, String pattern) {
        return !NamePattern.of(pattern)
                .in(List.of(layer.layer(), layer.toString()))
                .isEmpty();
    }

    private static boolean matchesAny(StudiedLayer layer, List<String> patterns) {
        return patterns.stream().anyMatch(pattern -> matches(layer, pattern));
    }

    /**
     * Returns the layers of a study that a grid shows: the last one of each model, or those that
     * match.
     *
     * @param of the layers to choose from
     * @param at patterns of {@code LAYER} or {@code MODEL:LAYER}; empty for the last ones
     */
    private static List<StudiedLayer> layers(StudyPlan plan, List<StudiedLayer> of, List<String> at) {
        var layers = new ArrayList<StudiedLayer>();
        for (var model : plan.models()) {
            var ofModel = model.layers().stream()
                    .map(layer -> new StudiedLayer(model.name(), layer.name()))
                    .filter(of::contains)
                    .filter(layer -> at.isEmpty() || matchesAny(layer, at))
                    .toList();
            layers.addAll(
                    at.isEmpty() && !ofModel.isEmpty() ? ofModel.subList(ofModel.size() - 1, ofModel.size()) : ofModel);
        }
        return layers;
    }

    String measure() {
        return measure;
    }

    /** Returns whether the study has no search, so that the grid shows similarities. */
    boolean isPlain() {
        return run.isEmpty();
    }

    SearchRun run() {
        return run.orElseThrow();
    }

    /** Returns the scores that the grid shows. */
    List<DirectedScore> scores() {
        return List.copyOf(scores.values());
    }

    /** Returns the shown layers in words: their name, or each name with its networks. */
    String layers() {
        var models = new LinkedHashMap<String, List<String>>();
        for (var layer : shown) {
            models.computeIfAbsent(layer.layer(), unused -> new ArrayList<>()).add(layer.model());
        }
        return models.size() == 1
                ? shown.get(0).layer()
                : models.entrySet().stream()
                        .map(one -> "%s (%s)".formatted(one.getKey(), networks(one.getValue())))
                        .collect(Collectors.joining(", "));
    }

    /** Returns the names of networks, or their number if they are many. */
    static String networks(Collection<String> names) {
        return names.size() > NAMED ? names.size() + " networks" : String.join(", ", names);
    }

    /** Returns the name of a layer in the grid: of its model alone, where this is enough. */
    String label(StudiedLayer layer) {
        boolean isOnePerModel =
                shown.stream().map(StudiedLayer::model).distinct().count() == shown.size();
        return isOnePerModel ? layer.model() : layer.toString();
    }

    /** Returns that name in at most that many characters, unlike those of the other layers. */
    String label(StudiedLayer layer, int characters) {
        return Paragraph.shortened(shown.stream().map(this::label).toList(), characters)
                .get(shown.indexOf(layer));
    }

    private String numbered(StudiedLayer layer) {
        return "%d %s".formatted(number(layer), label(layer));
    }

    private int number(StudiedLayer layer) {
        return shown.indexOf(layer) + 1;
    }

    /** Returns a score with its mark, or the mark alone where there is no answer. */
    private String cell(StudiedLayer target, StudiedLayer reference, boolean isCompact) {
        var score = scores.get(new PlannedPair(reference, target));
        if (score == null) {
            return similarities.getOrDefault(new PlannedPair(reference, target), "");
        }
        var word = score.verdict().word();
        if (word.isKnown()) {
            return word.mark() + number(score.stir().value().orElseThrow(), isCompact);
        }
        return isCompact ? Emphasis.of(word, word.mark()) : word.mark();
    }

    private static String number(double value, boolean isCompact) {
        var text = TextTable.number(value, Math.abs(value) < 99.5 ? 2 : 0);
        return isCompact ? text.replaceFirst("^(-?)0\\.", "$1.").replaceFirst("^1.00$", "1.0") : text;
    }

    /** Returns the meanings of the marks in the grid. */
    String legend() {
        return scores.values().stream()
                .map(score -> score.verdict().word())
                .filter(word -> !word.mark().isEmpty())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(word -> word.mark() + " " + words(word))
                .collect(Collectors.joining("; "));
    }

    /** Returns a verdict as a legend has it: {@code below the inputs}. */
    static String words(Verdict verdict) {
        return verdict.toString().toLowerCase(Locale.ROOT);
    }

    /** Returns the grid in lines of at most {@link Paragraph#COLUMNS} characters. */
    String text() {
        var cells = targets.stream()
                .flatMap(t -> references.stream().map(r -> cell(t, r, true)))
                .toList();
        var labels = targets.stream().map(this::label).toList();
        var names = references.stream().map(this::label).toList();
        int widest = Math.max(longest(cells), longest(names)) + 1;
        if (longest(labels) + names.size() * widest <= Paragraph.COLUMNS) {
            return block(labels, names, 0, widest);
        }
        var numbers = references.stream()
                .map(layer -> Integer.toString(number(layer)))
                .toList();
        int width = Math.max(longest(cells), longest(numbers)) + 1;
        int digits = longest(numbers) + 1;
        int label = Math.min(digits + longest(labels), LABEL);
        int blocks = ceil(numbers.size(), (Paragraph.COLUMNS - label) / width);
        int fitting = ceil(numbers.size(), blocks); // blocks of like widths
        int room = Paragraph.COLUMNS - width * fitting;
        var shortLabels = Paragraph.shortened(labels, room - digits);
        var rows = IntStream.range(0, targets.size())
                .mapToObj(row -> number(targets.get(row)) + " " + shortLabels.get(row))
                .toList();
        var text = new StringBuilder();
        for (int from = 0; from < numbers.size(); from += fitting) {
            var heads = numbers.subList(from, Math.min(numbers.size(), from + fitting));
            text.append(block(rows, heads, from, width));
        }
        var unnamed =
                references.stream().filter(layer -> !targets.contains(layer)).toList();
        if (!unnamed.isEmpty()) {
            text.append(Paragraph.hanging(
                    "columns: ", unnamed.stream().map(this::numbered).collect(Collectors.joining(", "))));
        }
        return text.toString();
    }

    private static int ceil(int count, int of) {
        return (count + of - 1) / Math.max(1, of);
    }

    private static int longest(List<String> texts) {
        return texts.stream().mapToInt(Emphasis::width).max().orElse(0);
    }

    private String block(List<String> rows, List<String> heads, int from, int width) {
        int label = longest(rows);
        var text = new StringBuilder(" ".repeat(label));
        heads.forEach(head -> text.append(right(head, width)));
        text.append('\n');
        for (int row = 0; row < rows.size(); row++) {
            var line = new StringBuilder(rows.get(row))
                    .append(" ".repeat(label - rows.get(row).length()));
            for (int column = from; column < from + heads.size(); column++) {
                line.append(right(cell(targets.get(row), references.get(column), true), width));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - Emphasis.width(text))) + text;
    }

    /** Returns whether it is wide for a paper. */
    boolean isWide() {
        return references.size() > UNDIVIDED / 2;
    }

    /** Returns the grid with names as heads, or numbers if there are many. */
    Table<?> table() {
        boolean isNumbered =
                references.stream().mapToInt(layer -> label(layer).length()).sum() > LONGEST_HEAD;
        var table = new Table<>(targets).column("target", isNumbered ? this::numbered : this::label);
        for (var reference : references) {
            table.numbers(
                    isNumbered ? Integer.toString(number(reference)) : label(reference),
                    target -> cell(target, reference, false));
        }
        return table;
    }

    /**
     * Returns the differences of both directions of all shown pairs that ignore something, whose
     * scores are {@link #compared}.
     */
    List<Asymmetry> asymmetries() {
        return Asymmetry.of(compared, measure, scale);
    }

    /** Returns the shown scores of references that ignore something. */
    List<DirectedScore> compared() {
        return List.copyOf(compared);
    }
}
