/**
 * PyTorch through the Deep Java Library (DJL): {@link stir.backend.djl.DjlBackendProvider} opens
 * exported programs and TorchScript archives.
 */
@NullMarked
package stir.backend.djl;

import org.jspecify.annotations.NullMarked;
