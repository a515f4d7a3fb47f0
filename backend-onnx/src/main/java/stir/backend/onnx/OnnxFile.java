package stir.backend.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import stir.api.DataException;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.ExternalData;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.graph.Tensor;

/** A model's file, and the files next to it that hold weights. */
final class OnnxFile {
    private OnnxFile() {}

    /**
     * Reads a model and checks that all its parts exist.
     *
     * @throws UsageException if the file does not exist
     * @throws DataException if it is not a model, or if a part is missing
     */
    static OnnxModel read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("There is no file %s: name an ONNX model (.onnx).".formatted(file));
        }
        try {
            var model = OnnxReader.read(map(file));
            tensors(model.graph())
                    .forEach(tensor -> tensor.external().ifPresent(where -> requireWithinFolder(file, where)));
            return model.with(loadWeights(file, model.graph()));
        } catch (OnnxFormatException e) {
            throw new DataException("%s can't be read as an ONNX model: %s.".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s can't be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /**
     * Runs work that depends on a file's content, and names the file in its exceptions.
     *
     * @throws DataException if the file can't be used, whatever exception its damage causes
     */
    static <T> T namingFile(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (OnnxFormatException e) {
            throw new DataException("%s can't be used: %s.".formatted(file, e.getMessage()), e);
        } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DataException(
                    "%s can't be used, because its parts are inconsistent: check it with onnx.checker, or export it again."
                            .formatted(file),
                    e);
        }
    }

    /** Maps a file into memory, so that weights are read on demand. */
    static ByteBuffer map(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new OnnxFormatException(
                        "it is over 2 GB, which the format forbids: export it with external data");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    /**
     * Loads external weights that are to be converted, or that a link leads to, which the runtime
     * refuses; the others stay external.
     */
    private static Graph loadWeights(Path file, Graph graph) throws IOException {
        var folder = folder(file).toRealPath();
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        for (var entry : initialisers.entrySet()) {
            var tensor = entry.getValue();
            var where = tensor.external();
            if (where.isPresent()
                    && (tensor.type().type() != ElementType.FLOAT
                            || !folder.resolve(where.get().location())
                                    .toRealPath()
                                    .startsWith(folder))) {
                entry.setValue(read(file, tensor));
            }
        }
        return graph.with(graph.nodes(), initialisers);
    }

    /** Returns a tensor with its elements, mapped into memory if they are external. */
    static Tensor read(Path file, Tensor tensor) {
        if (tensor.external().isEmpty()) {
            return tensor;
        }
        var where = tensor.external().get();
        var path = folder(file).resolve(where.location());
        try (var channel = FileChannel.open(path)) {
            var data = channel.map(FileChannel.MapMode.READ_ONLY, where.offset(), where.length());
            return Tensor.of(tensor.type(), data);
        } catch (IOException e) {
            throw new DataException("%s can't be read (%s).".formatted(path, IoReason.of(e)), e);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "%s is incomplete (referenced by %s): copy both files again.".formatted(path, file.getFileName()),
                    e);
        }
    }

    /**
     * Refuses a graph with NaN among its weights.
     *
     * @throws DataException if there is one; the message names the tensor
     */
    static void refuseNaN(Path file, Graph graph) {
        for (var one : graph.initialisers().entrySet()) {
            if (one.getValue().type().type() == ElementType.FLOAT
                    && hasNaN(read(file, one.getValue()).data().asFloatBuffer())) {
                throw new DataException("The weights '%s' of %s contain NaN: train or export the network again."
                        .formatted(one.getKey(), file));
            }
        }
    }

    private static boolean hasNaN(FloatBuffer values) {
        for (int i = 0; i < values.limit(); i++) {
            if (Float.isNaN(values.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Tensor> tensors(Graph graph) {
        return Stream.concat(
                graph.initialisers().values().stream(), graph.nodes().stream().flatMap(OnnxFile::tensors));
    }

    private static Stream<Tensor> tensors(Node node) {
        var constants = node.attributes().values().stream()
                .filter(Attribute.OfTensor.class::isInstance)
                .map(attribute -> ((Attribute.OfTensor) attribute).value());
        return Stream.concat(constants, node.subgraphs().flatMap(OnnxFile::tensors));
    }

    /**
     * Checks a location of external weights. A foreign model must not cause reads outside its own
     * folder, even through a link. If the model itself is a link, the folder of its target is
     * allowed, too.
     */
    private static void requireWithinFolder(Path file, ExternalData where) {
        var folder = folder(file);
        var location = where.location();
        Path path;
        try {
            if (location.isEmpty() || Path.of(location).isAbsolute()) {
                throw outside(file, location);
            }
            path = folder.resolve(location).normalize();
        } catch (InvalidPathException e) {
            throw new DataException(
                    "%s refers to weights in a file with an invalid name (%s): copy it again."
                            .formatted(file, e.getReason()),
                    e);
        }
        if (!path.startsWith(folder)) {
            throw outside(file, location);
        }
        try {
            if (!Files.isRegularFile(path)) {
                throw new DataException("%s keeps weights in %s, which does not exist: put that file next to it."
                        .formatted(file, location));
            }
            var real = path.toRealPath();
            if (!real.startsWith(folder.toRealPath()) && !real.startsWith(folder(file.toRealPath()))) {
                throw outside(file, location);
            }
            if (Files.size(path) < where.offset() + where.length()) {
                throw new DataException("%s is truncated: it ends before weights of %s: copy both files again."
                        .formatted(path, file.getFileName()));
            }
        } catch (IOException e) {
            throw new DataException("%s can't be read (%s).".formatted(path, IoReason.of(e)), e);
        }
    }

    private static DataException outside(Path file, String location) {
        return new DataException("%s refers to weights in '%s', outside its own folder: keep them next to the model."
                .formatted(file, location));
    }

    /** Returns the folder that the locations of external weights are relative to. */
    static Path folder(Path file) {
        var parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
