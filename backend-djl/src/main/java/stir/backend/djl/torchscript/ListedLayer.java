package stir.backend.djl.torchscript;

/**
 * A value that a hook can be set at, as a run of the network showed it.
 *
 * @param name what the hook is called
 * @param kind the class of the module that computes it
 * @param shape its dimensions, that of the batch included
 * @param differentiable whether it depends on the input through operators with gradients
 * @param afterFusedAttention whether an attention without a gradient ran before it
 */
public record ListedLayer(
        String name,
        String kind,
        java.util.List<Long> shape,
        boolean differentiable,
        boolean afterFusedAttention) {}
