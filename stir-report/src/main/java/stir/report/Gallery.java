package stir.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.score.DirectedScore;
import stir.core.study.StoredStudy.InputName;
import stir.core.study.StoredStudy.Run;

/** Some inputs with their seeds, their invariant inputs, and the outcomes of targets. */
final class Gallery {
    /** The approximate limit of the bytes of all pictures together. */
    private static final long MOST_BYTES = 4L << 20;

    private final StudyData data;
    private final int wanted;
    private final Optional<Vocabulary> vocabulary;
    private Optional<Drawing> drawing = Optional.empty();

    /**
     * Creates a gallery.
     *
     * @param wanted the maximum number of inputs of each reference and repeat of a search
     * @param vocabulary the tokens that name positions
     */
    Gallery(StudyData data, int wanted, Optional<Vocabulary> vocabulary) {
        this.data = data;
        this.wanted = wanted;
        this.vocabulary = vocabulary;
    }

    /**
     * The gallery in the page's document.
     *
     * @param shelves the shown inputs of each search, in the order of the document's searches
     */
    record Document(
            List<List<Item>> shelves,
            boolean images,
            String drawing,
            Map<String, Shown> inputs,
            List<Map<String, String>> seeds) {}

    /** An invariant input, and its outcomes of the targets. */
    record Item(
            int index,
            float residual,
            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> picture,
            Optional<List<String>> tokens,
            List<TargetOutcome> targets) {}

    /** A target, how far it moved, and the classes that it predicted before and after. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record TargetOutcome(int target, Optional<Float> moved, OptionalInt classBefore, OptionalInt classAfter) {}

    /** An input. */
    record Shown(
            String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> label,
            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> picture,
            Optional<List<String>> tokens) {}

    Document document() {
        var stored = data.study().inputs();
        if (stored.isEmpty()) {
            return new Document(List.of(), false, "", Map.of(), List.of());
        }
        var inputs = stored.get();
        drawing = drawing(inputs);
        int most = Math.min(inputs.count(), drawing.map(this::affordable).orElse(wanted));
        var shelves = new ArrayList<List<Item>>();
        var used = new HashMap<Run, SortedSet<Integer>>();
        for (var search : data.searches()) {
            var chosen = chosen(search, inputs.count(), most);
            used.computeIfAbsent(search.run(), run -> new TreeSet<>()).addAll(chosen);
            shelves.add(shelf(search, chosen));
        }
        return new Document(
                shelves, drawing.isPresent(), drawing.map(Drawing::words).orElse(""), shown(inputs, used), seeds(used));
    }

    /**
     * Returns the drawing of inputs; with a vocabulary, an input is a sequence instead of a grey
     * image.
     */
    private Optional<Drawing> drawing(Inputs inputs) {
        var shape = inputs.shape();
        return vocabulary.isPresent() && shape.rank() == 3 && shape.dimension(0) == 1
                ? Optional.of(new Slices(Shape.of(shape.dimension(1), shape.dimension(2))))
                : Drawing.of(inputs, data.study().inputRate());
    }

    private int affordable(Drawing pictures) {
        long one = pictures.bytes();
        long each = data.searches().size() + data.study().runs().size() + 1L;
        return (int) Math.max(1, Math.min(wanted, MOST_BYTES / (one * each)));
    }

    /**
     * Returns the inputs that a reference's shelf shows: a half that targets share least on
     * average, and a half that is spread evenly over the rest.
     */
    private static SortedSet<Integer> chosen(StudyData.ScoredSearch search, int count, int most) {
        var sums = new double[count];
        for (var score : search.scores()) {
            var outcomes = score.outcomes().inputs();
            for (int i = 0; i < count; i++) {
                // The reference itself moves no further than it has to.
                sums[i] +=
                        score.isOfItself() ? 0 : outcomes.get(i).targetMoved().orElse(0);
            }
        }
        var ranked = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            ranked.add(i);
        }
        ranked.sort(Comparator.comparingDouble((Integer i) -> -sums[i]));
        int half = most == count ? count : (most + 1) / 2;
        var chosen = new TreeSet<Integer>(ranked.subList(0, half));
        int others = most - half;
        for (int i = 1; i <= others; i++) {
            chosen.add(ranked.get(half - 1 + (int) ((long) i * (count - half) / others)));
        }
        return chosen;
    }

    private List<Item> shelf(StudyData.ScoredSearch search, SortedSet<Integer> chosen) {
        var invariantInputs = search.inversion().invariantInputs();
        var pictures = pictures(invariantInputs, chosen);
        var tokens = tokens(invariantInputs, chosen);
        var items = new ArrayList<Item>();
        for (int index : chosen) {
            items.add(new Item(
                    index,
                    Counts.rounded(search.inversion().residual(index)),
                    Optional.ofNullable(pictures.get(index)),
                    Optional.ofNullable(tokens.get(index)),
                    search.scores().stream().map(score -> target(score, index)).toList()));
        }
        return items;
    }

    private TargetOutcome target(DirectedScore score, int index) {
        var outcome = score.outcomes().inputs().get(index);
        var moved = outcome.targetMoved();
        return new TargetOutcome(
                data.index(score.target()),
                moved.isPresent() ? Optional.of(Counts.rounded(moved.getAsDouble())) : Optional.empty(),
                outcome.classBefore(),
                outcome.classAfter());
    }

    private Map<String, Shown> shown(Inputs inputs, Map<Run, SortedSet<Integer>> used) {
        var all = new TreeSet<Integer>();
        used.values().forEach(all::addAll);
        var names = data.study().inputNames();
        var pictures = pictures(inputs, all);
        var tokens = tokens(inputs, all);
        var shown = new LinkedHashMap<String, Shown>();
        for (int index : all) {
            var name = index < names.size() ? names.get(index) : new InputName("", Optional.empty());
            shown.put(
                    Integer.toString(index),
                    new Shown(
                            name.name(),
                            name.label(),
                            Optional.ofNullable(pictures.get(index)),
                            Optional.ofNullable(tokens.get(index))));
        }
        return shown;
    }

    /** Returns the pictures of seeds by their inputs, for each run. */
    private List<Map<String, String>> seeds(Map<Run, SortedSet<Integer>> used) {
        var all = new ArrayList<Map<String, String>>();
        for (var run : data.study().runs()) {
            var one = new LinkedHashMap<String, String>();
            var shown = used.getOrDefault(run, new TreeSet<>());
            var seeds = data.study().seeds(run);
            if (seeds.isPresent()) {
                pictures(seeds.get(), shown).forEach((index, picture) -> one.put(Integer.toString(index), picture));
            }
            all.add(one);
        }
        return all;
    }

    /** Returns the nearest tokens of inputs, if there is a vocabulary. */
    private Map<Integer, List<String>> tokens(Inputs rows, SortedSet<Integer> indices) {
        var tokens = new TreeMap<Integer, List<String>>();
        if (vocabulary.isPresent()) {
            var order = indices.stream().mapToInt(Integer::intValue).toArray();
            var nearest = vocabulary.get().nearest(rows, order);
            for (int i = 0; i < order.length; i++) {
                tokens.put(order[i], nearest.get(i));
            }
        }
        return tokens;
    }

    private Map<Integer, String> pictures(Inputs rows, SortedSet<Integer> indices) {
        if (drawing.isEmpty()) {
            return Map.of();
        }
        var row = Batch.allocate(1, rows.shape());
        var pictures = new TreeMap<Integer, String>();
        for (int index : indices) {
            rows.read(index, row, 0);
            pictures.put(index, drawing.get().address(row, 0));
        }
        return pictures;
    }
}
