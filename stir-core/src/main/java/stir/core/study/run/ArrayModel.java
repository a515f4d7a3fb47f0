package stir.core.study.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.io.arrays.NamesFile;
import stir.core.io.arrays.NpyReader;
import stir.core.io.files.ContentHash;
import stir.core.io.files.ExistingPath;
import stir.core.io.files.FileSize;
import stir.core.io.files.Sha256;
import stir.core.score.compute.Representations;
import stir.core.study.plan.StoredArrays;
import stir.core.study.plan.StudiedModel;

/**
 * The open arrays of a model that has stored representations in place of a network. Rows are read
 * from their files on demand. Not thread-safe.
 */
public final class ArrayModel implements AutoCloseable {
    /** The name of the array of an {@code .npz} archive that holds the samples' names. */
    private static final String IDS = "ids";

    private final Path first;
    private final Layout layout;
    private final List<String> ids;
    private final String sha256;
    private final long bytes;
    private final Map<String, NpyReader> layers = new LinkedHashMap<>();

    /**
     * Opens the arrays of a model, which the caller closes.
     *
     * @throws stir.api.UsageException if a file is missing
     * @throws DataException if a file is not an array of finite numbers, or the numbers of rows and
     *     names differ
     */
    ArrayModel(StudiedModel model, StoredArrays arrays) {
        this.first = arrays.first();
        this.layout = model.spec().preprocessing().layout().orElse(Layout.CHANNELS_FIRST);
        var identity = new StringBuilder();
        var hashes = new HashMap<Path, String>(); // several layers may be in one archive
        long sum = 0;
        try {
            for (var layer : arrays.files().entrySet()) {
                var file = layer.getValue();
                ExistingPath.checkFileOrFolder(file);
                var reader = reader(layer.getKey(), file);
                layers.put(layer.getKey(), reader);
                check(reader);
                identity.append(layer.getKey()).append(' ');
                identity.append(hashes.computeIfAbsent(file, ContentHash::of)).append('\n');
                sum += FileSize.of(file);
            }
            this.ids = ids(arrays);
        } catch (StirException e) {
            close();
            throw e;
        }
        this.sha256 = Sha256.of(identity + String.join("\n", ids));
        this.bytes = sum;
    }

    /** Opens a layer's array: in an archive of several, the one of the layer's name. */
    private static NpyReader reader(String layer, Path file) {
        return NpyReader.isArchive(file) && NpyReader.arrays(file).containsKey(layer)
                ? NpyReader.open(file, layer)
                : NpyReader.open(file);
    }

    private static void check(NpyReader reader) {
        var row = Batch.allocate(1, rowShape(reader));
        for (int i = 0; i < reader.count(); i++) {
            reader.read(i, row, 0);
            for (int k = 0; k < row.rowSize(); k++) {
                if (!Float.isFinite(row.get(0, k))) {
                    throw new DataException(
                            "%s contains NaN, an infinite or too large value in row %d (counting from 0): remove or fix that row."
                                    .formatted(reader.source(), i));
                }
            }
        }
    }

    private static Shape rowShape(NpyReader reader) {
        boolean isColumn = reader.count() > 0 && reader.shape().length == 1;
        return isColumn ? Shape.of(1) : reader.rowShape();
    }

    private List<String> ids(StoredArrays arrays) {
        int count = layers.values().iterator().next().count();
        for (var layer : layers.values()) {
            if (layer.count() != count) {
                throw new DataException("%s has %d rows, but %s has %d: the arrays of a model need one row per sample."
                        .formatted(layer.source(), layer.count(), first, count));
            }
        }
        var file = arrays.ids().orElse(first);
        var named = NpyReader.isArchive(file)
                ? NamesFile.array(file, IDS, count)
                : arrays.ids().map(names -> NamesFile.lines(names, count));
        if (named.isEmpty() && arrays.ids().isPresent()) {
            throw new DataException("%s has no array '%s': store the samples' names in it.".formatted(file, IDS));
        }
        named.filter(names -> names.size() != count).ifPresent(names -> {
            throw new DataException("%s has %d sample names, but %s has %d rows: save one name per row."
                    .formatted(file, names.size(), first, count));
        });
        return named.orElseGet(
                () -> IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    /** Returns the hash of the arrays' bytes, and of the names of layers and samples. */
    public String sha256() {
        return sha256;
    }

    /** Returns the size of all files. */
    public long bytes() {
        return bytes;
    }

    /** Returns the position of the channels of images. */
    public Layout layout() {
        return layout;
    }

    /** Returns the shape of a row of each layer, in their order. */
    public Map<String, Shape> shapes() {
        var shapes = new LinkedHashMap<String, Shape>();
        layers.forEach((layer, reader) -> shapes.put(layer, rowShape(reader)));
        return shapes;
    }

    /** Returns the samples as inputs that have names and no values. */
    public Inputs samples() {
        return new Samples(InputFacts.of(first.toString(), ids.size()), ids);
    }

    /**
     * Checks that the rows are of a study's inputs.
     *
     * @param whole whether the inputs are not limited to the first ones
     * @throws DataException if there are others; the message names the first that differs
     */
    public void check(Inputs inputs, boolean whole) {
        int count = inputs.count();
        for (int i = 0; i < Math.min(count, ids.size()); i++) {
            if (!ids.get(i).equals(inputs.name(i))) {
                throw new DataException(
                        "Sample %d (counting from 0) is '%s' in %s and '%s' in %s: store the rows of the same samples in the same order, and their names ('ids')."
                                .formatted(
                                        i,
                                        ids.get(i),
                                        first,
                                        inputs.name(i),
                                        inputs.facts().source()));
            }
        }
        if (ids.size() < count || (whole && ids.size() > count)) {
            throw new DataException("%s has %d samples, but %s has %d: store the same samples."
                    .formatted(first, ids.size(), inputs.facts().source(), count));
        }
    }

    /**
     * Returns the stored representations of a layer.
     *
     * @param lengths the lengths of the inputs, whose padding was stored too
     */
    Representations representations(String layer, Lengths lengths) {
        return new StoredRepresentations(layer, Objects.requireNonNull(layers.get(layer), layer), layout, lengths);
    }

    /** Closes all files. Idempotent. */
    @Override
    public void close() {
        layers.values().forEach(NpyReader::close);
    }

    private record StoredRepresentations(String layer, NpyReader reader, Layout layout, Lengths lengths)
            implements Representations {
        @Override
        public Shape shape() {
            return rowShape(reader);
        }

        @Override
        public void read(int[] inputs, Batch into) {
            for (int row = 0; row < inputs.length; row++) {
                reader.read(inputs[row], into, row);
            }
        }
    }

    /** The names of samples, in place of inputs. */
    private record Samples(InputFacts facts, List<String> ids) implements Inputs {
        @Override
        public Shape shape() {
            return Shape.of(1);
        }

        @Override
        public String name(int index) {
            return ids.get(index);
        }

        @Override
        public void read(int index, Batch into, int row) {
            into.set(row, 0, 0);
        }
    }
}
