/**
 * TorchScript archives, read and rewritten without native code: the zip, the pickled objects, the
 * serialised source of the modules, and the methods that are added to that source so that a network
 * stops at a layer.
 */
@NullMarked
package stir.backend.djl.torchscript;

import org.jspecify.annotations.NullMarked;
