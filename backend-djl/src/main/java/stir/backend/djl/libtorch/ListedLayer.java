package stir.backend.djl.libtorch;

/**
 * A value at which a hook can be set, as found by running the network.
 *
 * @param name the hook's name
 * @param kind the class of the module that computes it
 * @param shape its dimensions, including that of the batch
 * @param differentiable whether it depends on the input through operators with gradients
 * @param afterFusedAttention whether an attention without a gradient ran before it
 */
public record ListedLayer(
        String name, String kind, java.util.List<Long> shape, boolean differentiable, boolean afterFusedAttention) {}
