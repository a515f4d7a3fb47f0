package stir.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import stir.api.Batch;
import stir.api.Scope;
import stir.api.SideInputs;
import stir.api.support.WholeNumbers;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.UnknownOperation;

/** A method of a TorchScript network that libtorch has loaded, permanently in evaluation mode. */
final class ScriptComputation implements LayerComputation {
    private static final String[] NO_FILES = {};

    private final NDManager manager;
    private final PtSymbolBlock block;
    private final NDArray method;
    private final NetworkFile file;

    private ScriptComputation(NDManager manager, PtSymbolBlock block, String method, NetworkFile file) {
        this.file = file;
        this.manager = manager;
        this.block = block;
        this.method = manager.create(0f);
        // DJL takes the name of the method from that of an input array
        this.method.setName("module_method:" + method);
    }

    /**
     * Loads an archive with changed source.
     *
     * @throws EngineException if libtorch rejects it
     */
    static ScriptComputation load(PyTorch pyTorch, ai.djl.Device device, NetworkFile file, HookedSource source) {
        var unknown = new LinkedHashSet<UnknownOperation>();
        while (true) {
            try {
                return load(pyTorch, device, file, source, unknown);
            } catch (EngineException e) {
                var operation = UnknownOperation.of(String.valueOf(e.getMessage()));
                if (operation.isEmpty() || !unknown.add(operation.get())) {
                    throw e;
                }
            }
        }
    }

    private static ScriptComputation load(
            PyTorch pyTorch,
            ai.djl.Device device,
            NetworkFile file,
            HookedSource source,
            Collection<UnknownOperation> unknown) {
        var copy = pyTorch.scratchFile();
        var manager = pyTorch.djl().newBaseManager(device);
        try {
            file.write(copy, source, unknown);
            // Loaded so that weights are plain tensors (inference tensors have no derivatives),
            // and from a path, so that libtorch switches the modules to evaluation mode.
            var block = JniUtils.loadModule((PtNDManager) manager, copy, true, NO_FILES, NO_FILES, true);
            block.freezeParameters(true); // no gradients of weights
            return new ScriptComputation(manager, block, source.method(), file);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        } finally {
            delete(copy);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(ScriptComputation.class.getName())
                    .log(System.Logger.Level.WARNING, "Could not delete " + file, e);
        }
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    /** Runs the method; the block's own forward would switch the modules to training mode. */
    @Override
    public NDArray compute(NDArray inputs, Batch rows) {
        return run(inputs, rows).singletonOrThrow();
    }

    /** Runs a method that returns a list of strings. */
    List<String> lines(NDArray inputs, Batch rows) {
        return run(inputs, rows).stream()
                .map(text -> text.toStringArray(StandardCharsets.UTF_8)[0])
                .toList();
    }

    @Override
    public SideInputs sides() {
        return file.arguments().inputs();
    }

    private NDList run(NDArray inputs, Batch rows) {
        var all = new NDList();
        var searched = file.arguments().searched();
        for (var name : file.arguments().names()) {
            all.add(name.equals(searched) ? inputs : side(inputs.getManager(), name, rows));
        }
        all.add(method);
        return IValueUtils.forward(block, all, true);
    }

    /** Returns the values of a side input, of a type that libtorch does not convert itself. */
    private NDArray side(NDManager arrays, String name, Batch rows) {
        var side = file.arguments().given(name);
        if (!side.constant()) {
            var values = rows.side(name);
            return array(arrays, side, values, NetworkHook.dimensions(values));
        }
        var dims = SideInputs.filled(file.stated(name), rows.rows(), rows.rowShape());
        var filled = side.rows(1, stir.api.Shape.of(dims));
        return array(arrays, side, filled, Arrays.stream(dims).asLongStream().toArray());
    }

    private static NDArray array(NDManager arrays, SideInputs.Side side, Batch values, long[] dimensions) {
        var type = switch (side.type()) {
            case FLOAT -> DataType.FLOAT32;
            case INTEGER -> DataType.INT64;
            case BOOLEAN -> DataType.BOOLEAN;
        };
        var bytes = type == DataType.FLOAT32
                ? values.copy().bytes() // a network may change its arguments
                : WholeNumbers.of(values, type.getNumOfBytes(), true);
        return arrays.create(bytes, new ai.djl.ndarray.types.Shape(dimensions), type);
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(manager);
            scope.own(block);
        }
    }
}
