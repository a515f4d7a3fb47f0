package org.example.sentences;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.api.support.NearestNames;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;

/**
 * A sentence encoder as a network of Stir: from token ids, padded with zeros at the end, to the
 * embedding. Each sentence is a pass of its own without padding, as in LangChain4j. The 8-bit
 * encoder chooses the scale of its numbers from all of a pass, so that sentences of one pass would
 * change each other's embeddings.
 */
final class SentenceEncoder implements Model {
    private static final Layer EMBEDDING = new Layer("embedding", "Mean", Shape.of(384));

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final int tokens;

    private SentenceEncoder(byte[] onnx, int tokens) throws OrtException {
        this.session = environment.createSession(onnx);
        this.tokens = tokens;
    }

    /**
     * Opens an encoder from a jar.
     *
     * @param name the name of the encoder, and of its file in the jar
     * @param tokens the number of ids per input
     */
    static Network open(String name, int tokens) {
        try (var file = SentenceEncoder.class.getResourceAsStream("/" + name + ".onnx")) {
            var model = new SentenceEncoder(file.readAllBytes(), tokens);
            return Network.of(
                    name, "", "sentences", model, NetworkSpec.of(Path.of(name)).withThreads(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new BackendException("ONNX Runtime could not open %s.".formatted(name), e);
        }
    }

    @Override
    public InputSpec input() {
        return new InputSpec("input_ids", Shape.of(tokens), Layout.FLAT, OptionalInt.empty());
    }

    /** Returns true, so that Stir compares given pairs, and refuses to search token ids. */
    @Override
    public boolean takesWholeNumbers() {
        return true;
    }

    @Override
    public List<Layer> layers(Shape input) {
        return List.of(EMBEDDING);
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of(EMBEDDING.name());
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        if (!layer.equals(EMBEDDING.name())) {
            throw NearestNames.unknownLayer(layer, List.of(EMBEDDING.name()));
        }
        return new Hook();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new BackendException("ONNX Runtime could not free the encoder.", e);
        }
    }

    /** Returns the embedding: the mean over the tokens, of length 1. */
    private float[] embedding(long[] ids) {
        var ones = new long[ids.length];
        Arrays.fill(ones, 1);
        try (var input = tensor(ids);
                var mask = tensor(ones);
                var types = tensor(new long[ids.length]);
                var result = session.run(Map.of(
                        "input_ids", input,
                        "attention_mask", mask,
                        "token_type_ids", types))) {
            var states = ((float[][][]) result.get(0).getValue())[0];
            var mean = new float[states[0].length];
            double squares = 0;
            for (int i = 0; i < mean.length; i++) {
                for (var state : states) {
                    mean[i] += state[i] / states.length;
                }
                squares += (double) mean[i] * mean[i];
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] /= (float) Math.sqrt(squares);
            }
            return mean;
        } catch (OrtException e) {
            throw new BackendException("ONNX Runtime could not encode a sentence.", e);
        }
    }

    private OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    /** The encoder as a function of token ids. */
    private final class Hook implements LayerHook {
        @Override
        public Layer layer() {
            return EMBEDDING;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(tokens);
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                var embedding = embedding(ids(inputs, row));
                for (int i = 0; i < embedding.length; i++) {
                    representations.set(row, i, embedding[i]);
                }
            }
        }

        /** Returns the ids without the zeros at the end, but at least one. */
        private long[] ids(Batch inputs, int row) {
            var ids = new long[tokens];
            int length = 1;
            for (int i = 0; i < tokens; i++) {
                ids[i] = Math.round(inputs.get(row, i));
                length = ids[i] == 0 ? length : i + 1;
            }
            return Arrays.copyOf(ids, length);
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            throw new UnsupportedOperationException("Token ids have no gradient.");
        }

        @Override
        public void close() {}
    }
}
