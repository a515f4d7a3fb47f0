package stir.backend.djl;

import ai.djl.pytorch.engine.PtNDManager;

import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * Models of networks that a program built with DJL, without a file.
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
     * Returns a model on a DJL model's block. Layers are the children of sequential blocks, at any
     * depth, and the branches of parallel blocks. Their names are the blocks' names joined with
     * dots, as in {@code 02SequentialBlock.01Conv2d}. A composite block of another class is a layer
     * itself, but its inner blocks are not, because their order is unknown.
     *
     * <p>The block's parameters are frozen ({@link ai.djl.nn.Block#freezeParameters}), so that a
     * pass stores no gradients in them, and it runs in inference mode: the statistics of BatchNorm
     * do not change.
     *
     * @param model a model of the PyTorch engine with an initialised block. The caller retains
     *     ownership and closes it after the result.
     * @param input the shape of one input, every dimension known
     * @return a model whose hooks follow the rules of {@link stir.api.LayerHook} and are closed
     *     before it; {@code stir.core}'s networks ensure that
     * @throws UsageException if the model belongs to another engine, or its block is not
     *     initialised
     */
    public static Model of(ai.djl.Model model, Shape input) {
        if (!(model.getNDManager() instanceof PtNDManager)) {
            throw new UsageException(
                    "The DJL model %s belongs to the engine %s: create it with the engine PyTorch."
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
        return new BlockModel(
                model.getName(), model.getNDManager(), input, new BlockTree(model.getBlock()));
    }
}
