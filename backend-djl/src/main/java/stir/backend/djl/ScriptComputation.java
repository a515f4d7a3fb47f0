package stir.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import stir.api.Scope;
import stir.backend.djl.torchscript.HookedSource;
import stir.backend.djl.torchscript.TorchScriptArchive;
import stir.backend.djl.torchscript.UnknownOperation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** A method of a TorchScript network that libtorch has loaded, permanently in evaluation mode. */
final class ScriptComputation implements Computation {
    private static final String[] NO_FILES = {};

    private final NDManager manager;
    private final PtSymbolBlock block;
    private final NDArray method;

    private ScriptComputation(NDManager manager, PtSymbolBlock block, String method) {
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
    static ScriptComputation load(
            PyTorch pyTorch,
            ai.djl.Device device,
            TorchScriptArchive archive,
            HookedSource source) {
        var unknown = new LinkedHashSet<UnknownOperation>();
        while (true) {
            try {
                return load(pyTorch, device, archive, source, unknown);
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
            TorchScriptArchive archive,
            HookedSource source,
            Collection<UnknownOperation> unknown) {
        var copy = pyTorch.scratchFile();
        var manager = pyTorch.djl().newBaseManager(device);
        try {
            archive.write(copy, source.sources(), unknown);
            // Loaded so that weights are plain tensors (inference tensors have no derivatives),
            // and from a path, so that libtorch switches the modules to evaluation mode.
            var block =
                    JniUtils.loadModule(
                            (PtNDManager) manager, copy, true, NO_FILES, NO_FILES, true);
            block.freezeParameters(true); // no gradients of weights
            return new ScriptComputation(manager, block, source.method());
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
    public NDArray compute(NDArray inputs) {
        return run(inputs).singletonOrThrow();
    }

    /** Runs a method that returns a list of strings. */
    List<String> lines(NDArray inputs) {
        return run(inputs).stream()
                .map(text -> text.toStringArray(StandardCharsets.UTF_8)[0])
                .toList();
    }

    private NDList run(NDArray inputs) {
        return IValueUtils.forward(block, new NDList(inputs, method), true);
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            scope.own(manager);
            scope.own(block);
        }
    }
}
