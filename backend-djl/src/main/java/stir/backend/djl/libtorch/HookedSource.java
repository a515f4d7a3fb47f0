package stir.backend.djl.libtorch;

import java.util.Map;

/**
 * A network's source with an added method of the network's class.
 *
 * @param sources the changed files by their names
 * @param method the method's name; it has the parameters of {@code forward}
 * @param fakeRelu whether a ReLU passes gradients unchanged
 */
public record HookedSource(Map<String, String> sources, String method, boolean fakeRelu) {}
