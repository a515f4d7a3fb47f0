package stir.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Batch;
import stir.core.arrays.FloatRows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Some inputs with what was made of them: seeds, invariant inputs, what targets saw. */
final class Gallery {
    /** About how many bytes all pictures may take together. */
    private static final long MOST_BYTES = 4L << 20;

    private final StudyFiles files;
    private final StudyData data;
    private final int wanted;

    /**
     * A gallery.
     *
     * @param wanted the most inputs of each reference and repeat of a search
     */
    Gallery(StudyFiles files, StudyData data, int wanted) {
        this.files = files;
        this.data = data;
        this.wanted = wanted;
    }

    /** The gallery as a document. */
    ObjectNode document() {
        var node = JsonNodeFactory.instance.objectNode();
        var shelves = node.putArray("shelves");
        if (!Files.exists(files.inputs())) {
            node.put("images", false).putObject("inputs");
            node.putArray("seeds");
            return node;
        }
        try (var inputs = new FloatRows(files.inputs())) {
            boolean images = Picture.isImage(inputs.rowShape());
            int most = Math.min(inputs.count(), images ? affordable(inputs) : wanted);
            var used = new TreeMap<Integer, SortedSet<Integer>>();
            for (var inversion : data.inversions()) {
                var chosen = chosen(inversion, inputs.count(), most);
                used.computeIfAbsent(inversion.run(), run -> new TreeSet<>()).addAll(chosen);
                shelves.add(shelf(inversion, chosen, images));
            }
            node.put("images", images);
            addInputs(node.putObject("inputs"), inputs, used, images);
            addSeeds(node.putArray("seeds"), used, images);
        }
        return node;
    }

    private int affordable(FloatRows inputs) {
        long one = new Picture(inputs.rowShape()).bytes();
        long each = data.inversions().size() + data.runs().size() + 1L;
        return (int) Math.max(1, Math.min(wanted, MOST_BYTES / (one * each)));
    }

    /**
     * The inputs that a reference's shelf shows: a half that targets share least on average, and a
     * half that is spread evenly over the rest.
     */
    private SortedSet<Integer> chosen(StoredInversion inversion, int count, int most) {
        var sums = new double[count];
        for (var score : scoresOf(inversion)) {
            var kept = score.inputs("kept");
            for (int i = 0; i < count; i++) {
                // The reference itself keeps all that it can.
                sums[i] += score.target() == score.reference() ? 0 : kept.path(i).asDouble();
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

    private List<StoredScore> scoresOf(StoredInversion inversion) {
        return data.scores().stream().filter(score -> score.isOf(inversion)).toList();
    }

    private ObjectNode shelf(StoredInversion inversion, SortedSet<Integer> chosen, boolean images) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("reference", inversion.reference()).put("run", inversion.run());
        var items = node.putArray("items");
        var residuals = inversion.document().path("residuals");
        var pictures =
                pictures(
                        files.invariant(
                                data.layers().get(inversion.reference()),
                                data.runs().get(inversion.run())),
                        chosen,
                        images);
        var scores = scoresOf(inversion);
        for (int index : chosen) {
            var item = items.addObject().put("index", index);
            item.put("residual", Counts.rounded(residuals.path(index).asDouble()));
            item.put("picture", pictures.get(index));
            var targets = item.putArray("targets");
            scores.forEach(score -> addTarget(targets.addArray(), score, index));
        }
        return node;
    }

    /** The target, what it kept, and the classes that it saw before and after. */
    private static void addTarget(ArrayNode node, StoredScore score, int index) {
        node.add(score.target());
        var kept = score.inputs("kept").path(index);
        if (kept.isNumber()) {
            node.add(Counts.rounded(kept.asDouble()));
        } else {
            node.addNull();
        }
        for (var when : new String[] {"class-before", "class-after"}) {
            var seen = score.inputs(when).path(index);
            if (seen.isNumber()) {
                node.add(seen.asInt());
            } else {
                node.addNull();
            }
        }
    }

    private void addInputs(
            ObjectNode node,
            FloatRows inputs,
            Map<Integer, SortedSet<Integer>> used,
            boolean images) {
        var all = new TreeSet<Integer>();
        used.values().forEach(all::addAll);
        var names = InputNames.read(files.inputsTable());
        var pictures = images ? pictures(inputs, all) : Map.<Integer, String>of();
        for (int index : all) {
            var one = node.putObject(Integer.toString(index));
            one.put("name", names.name(index)).put("label", names.label(index));
            one.put("picture", pictures.get(index));
        }
    }

    /** For each run, pictures by their inputs. */
    private void addSeeds(ArrayNode node, Map<Integer, SortedSet<Integer>> used, boolean images) {
        for (int run = 0; run < data.runs().size(); run++) {
            var one = node.addObject();
            pictures(
                            files.seeds(data.runs().get(run)),
                            used.getOrDefault(run, new TreeSet<>()),
                            images)
                    .forEach((index, picture) -> one.put(Integer.toString(index), picture));
        }
    }

    private static Map<Integer, String> pictures(
            Path file, SortedSet<Integer> indices, boolean images) {
        if (!images || !Files.exists(file)) {
            return Map.of();
        }
        try (var rows = new FloatRows(file)) {
            return pictures(rows, indices);
        }
    }

    private static Map<Integer, String> pictures(FloatRows rows, SortedSet<Integer> indices) {
        var picture = new Picture(rows.rowShape());
        var row = Batch.allocate(1, rows.rowShape());
        var pictures = new TreeMap<Integer, String>();
        for (int index : indices) {
            rows.read(index, row, 0);
            pictures.put(index, picture.address(row, 0));
        }
        return pictures;
    }
}
