package stir.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.study.StoredStudy.InputName;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Some inputs with what was made of them: seeds, invariant inputs, what targets saw. */
final class Gallery {
    /** About how many bytes all pictures may take together. */
    private static final long MOST_BYTES = 4L << 20;

    private final StudyData data;
    private final int wanted;

    /**
     * A gallery.
     *
     * @param wanted the most inputs of each reference and repeat of a search
     */
    Gallery(StudyData data, int wanted) {
        this.data = data;
        this.wanted = wanted;
    }

    /** The gallery as a document. */
    ObjectNode document() {
        var node = JsonNodeFactory.instance.objectNode();
        var shelves = node.putArray("shelves");
        var stored = data.study().inputs();
        if (stored.isEmpty()) {
            node.put("images", false).putObject("inputs");
            node.putArray("seeds");
            return node;
        }
        var inputs = stored.get();
        boolean images = Picture.isImage(inputs.shape());
        int most = Math.min(inputs.count(), images ? affordable(inputs) : wanted);
        var used = new TreeMap<Integer, SortedSet<Integer>>();
        for (var inversion : data.inversions()) {
            var chosen = chosen(inversion, inputs.count(), most);
            used.computeIfAbsent(inversion.run(), run -> new TreeSet<>()).addAll(chosen);
            shelves.add(shelf(inversion, chosen));
        }
        node.put("images", images);
        addInputs(node.putObject("inputs"), inputs, used);
        addSeeds(node.putArray("seeds"), used);
        return node;
    }

    private int affordable(Inputs inputs) {
        long one = new Picture(inputs.shape()).bytes();
        long each = data.inversions().size() + data.study().runs().size() + 1L;
        return (int) Math.max(1, Math.min(wanted, MOST_BYTES / (one * each)));
    }

    /**
     * The inputs that a reference's shelf shows: a half that targets share least on average, and a
     * half that is spread evenly over the rest.
     */
    private SortedSet<Integer> chosen(ShownInversion inversion, int count, int most) {
        var sums = new double[count];
        for (var score : scoresOf(inversion)) {
            var outcomes = score.found().score().outcomes().inputs();
            for (int i = 0; i < count; i++) {
                // The reference itself moves no further than it has to.
                sums[i] +=
                        score.target() == score.reference()
                                ? 0
                                : outcomes.get(i).targetMoved().orElse(0);
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

    private List<ShownScore> scoresOf(ShownInversion inversion) {
        return data.scores().stream().filter(score -> score.isOf(inversion)).toList();
    }

    private ObjectNode shelf(ShownInversion inversion, SortedSet<Integer> chosen) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("reference", inversion.reference()).put("run", inversion.run());
        var items = node.putArray("items");
        var pictures = pictures(inversion.inversion().invariantInputs(), chosen);
        var scores = scoresOf(inversion);
        for (int index : chosen) {
            var item = items.addObject().put("index", index);
            item.put("residual", Counts.rounded(inversion.inversion().residual(index)));
            item.put("picture", pictures.get(index));
            var targets = item.putArray("targets");
            scores.forEach(score -> addTarget(targets.addArray(), score, index));
        }
        return node;
    }

    /** The target, how far it moved, and the classes that it saw before and after. */
    private static void addTarget(ArrayNode node, ShownScore score, int index) {
        var outcome = score.found().score().outcomes().inputs().get(index);
        node.add(score.target());
        outcome.targetMoved()
                .ifPresentOrElse(moved -> node.add(Counts.rounded(moved)), node::addNull);
        outcome.classBefore().ifPresentOrElse(node::add, node::addNull);
        outcome.classAfter().ifPresentOrElse(node::add, node::addNull);
    }

    private void addInputs(ObjectNode node, Inputs inputs, Map<Integer, SortedSet<Integer>> used) {
        var all = new TreeSet<Integer>();
        used.values().forEach(all::addAll);
        var names = data.study().inputNames();
        var pictures = pictures(inputs, all);
        for (int index : all) {
            var one = node.putObject(Integer.toString(index));
            var name =
                    index < names.size() ? names.get(index) : new InputName("", Optional.empty());
            one.put("name", name.name()).put("label", name.label().orElse(null));
            one.put("picture", pictures.get(index));
        }
    }

    /** For each run, pictures by their inputs. */
    private void addSeeds(ArrayNode node, Map<Integer, SortedSet<Integer>> used) {
        var runs = data.study().runs();
        for (int run = 0; run < runs.size(); run++) {
            var one = node.addObject();
            var shown = used.getOrDefault(run, new TreeSet<>());
            data.study()
                    .seeds(runs.get(run))
                    .ifPresent(
                            seeds ->
                                    pictures(seeds, shown)
                                            .forEach(
                                                    (index, picture) ->
                                                            one.put(
                                                                    Integer.toString(index),
                                                                    picture)));
        }
    }

    private static Map<Integer, String> pictures(Inputs rows, SortedSet<Integer> indices) {
        if (!Picture.isImage(rows.shape())) {
            return Map.of();
        }
        var picture = new Picture(rows.shape());
        var row = Batch.allocate(1, rows.shape());
        var pictures = new TreeMap<Integer, String>();
        for (int index : indices) {
            rows.read(index, row, 0);
            pictures.put(index, picture.address(row, 0));
        }
        return pictures;
    }
}
