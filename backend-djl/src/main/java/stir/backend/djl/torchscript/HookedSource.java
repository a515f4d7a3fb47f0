package stir.backend.djl.torchscript;

import java.util.Map;

/**
 * A network's source with a method added to the network's class.
 *
 * @param sources the files that differ from the archive's, by their names
 * @param method the method's name; it takes what {@code forward} takes
 * @param fakeRelu whether a ReLU passes gradients unchanged
 */
public record HookedSource(Map<String, String> sources, String method, boolean fakeRelu) {}
