package stir.backend.djl;

import ai.djl.pytorch.engine.PtNDManager;

import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * Measures networks that a program built with DJL, without a file.
 *
 * <pre>{@code
 * try (Model model = DjlModels.of(djlModel, Shape.of(3, 32, 32));
 *         LayerHook hook =
 *                 model.hook("03Linear", new HookOptions(Shape.of(3, 32, 32)))) {
 *     hook.represent(inputs, representations);
 * }
 * }</pre>
 */
public final class DjlModels {
    private DjlModels() {}

    /**
     * Returns a model on a DJL model's block. Layers are the children of sequential blocks, at any depth,
     * and the branches of parallel blocks, named by their names in the block joined with dots, as
     * in {@code 02SequentialBlock.01Conv2d}. A composite block of another class is a layer itself,
     * but the order within it is not known, so nothing inside of it is one.
     *
     * <p>The block's parameters are frozen ({@link ai.djl.nn.Block#freezeParameters}), so that a
     * pass has no gradient to leave with them, and it runs in inference mode: statistics of
     * BatchNorm stay as they are.
     *
     * @param model a model of the PyTorch engine whose block is initialised; it remains the
     *     caller's, who closes it after the result
     * @param input the shape of one input, every dimension known
     * @return a model whose hooks are to be called as {@link stir.api.LayerHook} says and are
     *     closed before it; {@code stir.core}'s networks see to that
     * @throws UsageException if the model is of another engine, or its block is not initialised
     */
    public static Model of(ai.djl.Model model, Shape input) {
        if (!(model.getNDManager() instanceof PtNDManager)) {
            throw new UsageException(
                    "The DJL model %s belongs to the engine %s: make it with the engine PyTorch."
                            .formatted(
                                    model.getName(),
                                    model.getNDManager().getEngine().getEngineName()));
        }
        if (!model.getBlock().isInitialized()) {
            throw new UsageException(
                    "The block of the DJL model %s has no parameters yet: initialise or load it first."
                            .formatted(model.getName()));
        }
        model.getBlock().freezeParameters(true);
        return new BlockModel(model.getName(), model.getBlock(), model.getNDManager(), input);
    }
}
