/**
 * PyTorch through the Deep Java Library (DJL): {@link stir.backend.djl.DjlBackendProvider} opens
 * TorchScript archives, {@link stir.backend.djl.DjlModels} wraps networks that were built with DJL.
 */
@NullMarked
package stir.backend.djl;

import org.jspecify.annotations.NullMarked;
