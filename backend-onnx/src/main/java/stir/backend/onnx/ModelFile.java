package stir.backend.onnx;

import stir.api.DataException;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.api.support.Words;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.ExternalData;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.graph.Tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A model's file, and the files beside it that hold weights. */
final class ModelFile {
    private ModelFile() {}

    /**
     * Reads a model and checks that all its parts are there.
     *
     * @throws UsageException if the file is not there
     * @throws DataException if it is no model, or if a part is missing
     */
    static OnnxModel read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException(
                    "There is no file %s: name an ONNX model (.onnx).".formatted(file));
        }
        try {
            var model = OnnxReader.read(map(file));
            tensors(model.graph())
                    .forEach(tensor -> tensor.external().ifPresent(where -> check(file, where)));
            return model.with(readOddTypes(file, model.graph()));
        } catch (OnnxFormatException e) {
            throw new DataException(
                    "%s can't be read as an ONNX model: %s.".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s can't be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /**
     * Does what depends on what is in a file, and names the file in what is thrown.
     *
     * @throws DataException if the file can't be used, whatever its damage leads to
     */
    static <T> T naming(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (OnnxFormatException e) {
            throw new DataException("%s can't be used: %s.".formatted(file, e.getMessage()), e);
        } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DataException(
                    "%s can't be used, for its parts seem to contradict each other: check it with onnx.checker, or export it anew."
                            .formatted(file),
                    e);
        }
    }

    /** Maps a file into memory, so that weights are read when they are needed. */
    static ByteBuffer map(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new OnnxFormatException(
                        "it is over 2 GB, which the format forbids: export it with external data");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    /** Brings in external weights that are to be converted; those in single precision stay out. */
    private static Graph readOddTypes(Path file, Graph graph) {
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        initialisers.replaceAll(
                (name, tensor) ->
                        tensor.type().type() == ElementType.FLOAT ? tensor : read(file, tensor));
        return graph.with(graph.nodes(), initialisers);
    }

    /** Returns a tensor with its elements, mapped into memory if they lie outside. */
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
                    "%s has no such part as %s says: copy both files anew."
                            .formatted(path, file.getFileName()),
                    e);
        }
    }

    private static Stream<Tensor> tensors(Graph graph) {
        return Stream.concat(
                graph.initialisers().values().stream(),
                graph.nodes().stream().flatMap(ModelFile::tensors));
    }

    private static Stream<Tensor> tensors(Node node) {
        var constants =
                node.attributes().values().stream()
                        .filter(Attribute.OfTensor.class::isInstance)
                        .map(attribute -> ((Attribute.OfTensor) attribute).value());
        return Stream.concat(constants, node.subgraphs().flatMap(ModelFile::tensors));
    }

    /**
     * A model from elsewhere must not make anyone read files outside its own folder, be it by a
     * link. Where the model is a link itself, the folder that it leads to is its own as well.
     */
    private static void check(Path file, ExternalData where) {
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
                    "%s asks for weights in a file whose name no file can have (%s): copy it anew."
                            .formatted(file, e.getReason()),
                    e);
        }
        if (!path.startsWith(folder)) {
            throw outside(file, location);
        }
        try {
            if (!Files.isRegularFile(path)) {
                throw new DataException(
                        "%s keeps weights in %s, which is not there: put that file beside it."
                                .formatted(file, location));
            }
            var real = path.toRealPath();
            if (!real.startsWith(folder.toRealPath())
                    && !real.startsWith(folder(file.toRealPath()))) {
                throw outside(file, location);
            }
            if (Files.size(path) < where.offset() + where.length()) {
                throw new DataException(
                        "%s is cut off: it ends before weights of %s: copy both files anew."
                                .formatted(path, file.getFileName()));
            }
        } catch (IOException e) {
            throw new DataException("%s can't be read (%s).".formatted(path, IoReason.of(e)), e);
        }
    }

    private static DataException outside(Path file, String location) {
        return new DataException(
                "%s asks for weights in '%s', outside its own folder, which is refused: keep them beside the model."
                        .formatted(file, location));
    }

    /** Returns the folder that the locations of external weights are relative to. */
    static Path folder(Path file) {
        var parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** What stands in the file for a value's type, in a user's words. */
    static String words(ElementType type) {
        return Words.of(type);
    }
}
