package org.example.sentences;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Seed;
import stir.core.math.statistics.Estimate;
import stir.core.network.Network;
import stir.core.score.DirectedScore;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.study.results.Comparison;

/**
 * Compares an encoder of sentences with its 8-bit form on pairs of paraphrases.
 *
 * <pre>java -cp 'target/classes:target/dependency/*' org.example.sentences.Sentences pairs.txt</pre>
 */
public final class Sentences {
    private static final String FLOAT = "all-minilm-l6-v2";
    private static final String BYTES = "all-minilm-l6-v2-q";

    /** The range of token ids. */
    private static final ValueRange IDS = ValueRange.of(0, 1 << 15);

    private static final double ROUNDING = 1e-6;

    private final Stir stir = Stir.load();
    private final Network large;
    private final Network small;

    private Sentences(Network large, Network small) {
        this.large = large;
        this.small = small;
    }

    public static void main(String[] arguments) throws IOException {
        var sentences = new ArrayList<String>();
        var paraphrases = new ArrayList<String>();
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            if (!line.startsWith("#")) {
                var pair = line.split("\\|", -1);
                sentences.add(pair[0].strip());
                paraphrases.add(pair[1].strip());
            }
        }
        var all = new ArrayList<>(sentences);
        all.addAll(paraphrases);
        var ids = ids(all);
        int count = sentences.size();
        var first = ids.slice(0, count);
        var second = ids.slice(count, 2 * count);
        var unrelated = Batch.allocate(count, ids.rowShape());
        for (int row = 0; row < count; row++) {
            unrelated.copyRow(second, (row + 1) % count, row);
        }
        try (var large = SentenceEncoder.open(FLOAT, ids.rowSize());
                var small = SentenceEncoder.open(BYTES, ids.rowSize())) {
            check(large, first, new AllMiniLmL6V2EmbeddingModel(), sentences);
            check(small, first, new AllMiniLmL6V2QuantizedEmbeddingModel(), sentences);
            System.out.printf("%d pairs; both encoders embed as LangChain4j does.%n%n", count);
            var encoders = new Sentences(large, small);
            System.out.printf("%-20s%-16s%-23s%-10s%-23s%s%n", "", "pairs", "STIR", "ceiling", "corrected", "residual");
            var comparison = encoders.compare(first, second);
            print("paraphrases", comparison);
            print("unrelated", encoders.compare(first, unrelated));
            print("the same twice", encoders.compare(first, first));
            System.out.println();
            System.out.println(
                    "Similarity of both encoders: " + comparison.bGivenA().similarity());
            System.out.println(
                    "Verdict on STIR(8-bit | float): " + comparison.bGivenA().verdict());
        }
    }

    /** Compares both encoders on sentences and what is paired with them. */
    private Comparison compare(Batch sentences, Batch paired) throws IOException {
        var file = Files.createTempFile("paired", ".npy");
        try {
            Inputs.of("pairs", paired.rows(), paired.rowShape(), (index, into, row) -> into.copyRow(paired, index, row))
                    .write(file); // the ids as they are
            // Another sentence is the seed, so that the floor is that of sentences at random.
            var pairs = InversionSettings.of(new NearestNeighbour(Norm.L2, Optional.of(file), true))
                    .withSeed(Seed.Kind.OTHER_INPUT);
            var settings = ScoreSettings.DEFAULT.withInversion(pairs);
            return stir.compare(large, small, Inputs.of(sentences, IDS), settings);
        } finally {
            Files.delete(file);
        }
    }

    private static void print(String pairs, Comparison comparison) {
        print("STIR(8-bit | float)", pairs, comparison.bGivenA());
        print("STIR(float | 8-bit)", pairs, comparison.aGivenB());
    }

    private static void print(String direction, String pairs, DirectedScore score) {
        var values = score.deciding();
        System.out.printf(
                "%-20s%-16s%-23s%-10s%-23s%.2f%n",
                direction,
                pairs,
                values.stir(),
                number(values.of(Quantity.CEILING)),
                values.of(Quantity.CORRECTED).isDefined() ? values.of(Quantity.CORRECTED) : "-",
                score.inversion().meanResidual());
    }

    private static String number(Estimate estimate) {
        return "%.3f".formatted(estimate.value().orElse(Double.NaN));
    }

    /** Returns a row of token ids per sentence, with zeros after the last one. */
    private static Batch ids(List<String> sentences) throws IOException {
        var encoded = new ArrayList<long[]>();
        try (var file = Sentences.class.getResourceAsStream("/" + FLOAT + "-tokenizer.json");
                var tokenizer = HuggingFaceTokenizer.newInstance(file, Map.of("padding", "false"))) {
            sentences.forEach(sentence -> encoded.add(tokenizer.encode(sentence).getIds()));
        }
        int longest = encoded.stream().mapToInt(row -> row.length).max().orElse(0);
        var ids = Batch.allocate(sentences.size(), Shape.of(longest));
        for (int row = 0; row < encoded.size(); row++) {
            for (int i = 0; i < encoded.get(row).length; i++) {
                ids.set(row, i, encoded.get(row)[i]);
            }
        }
        return ids;
    }

    /** Checks that the embeddings of a network are LangChain4j's, up to rounding. */
    private static void check(Network encoder, Batch ids, EmbeddingModel model, List<String> sentences) {
        var layer = encoder.layers(ids.rowShape()).get(0);
        var options = HookOptions.withoutGradients(ids.rowShape());
        try (var hook = encoder.model().hook(layer.name(), options)) {
            var embeddings = Batch.allocate(ids.rows(), layer.shape());
            hook.represent(ids, embeddings);
            for (int row = 0; row < ids.rows(); row++) {
                var expected = model.embed(sentences.get(row)).content().vector();
                for (int i = 0; i < expected.length; i++) {
                    if (!(Math.abs(expected[i] - embeddings.get(row, i)) < ROUNDING)) {
                        throw new IllegalStateException(
                                "LangChain4j embeds '%s' otherwise.".formatted(sentences.get(row)));
                    }
                }
            }
        }
    }
}
