package stir.core.network.open;

import stir.core.network.Network;
import stir.core.network.NetworkSpec;

/**
 * A source of open networks. It owns the networks and closes them when they are no longer used.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Networks {
    /**
     * Returns an open network; it may return the same one again for the same specification.
     *
     * @throws stir.api.StirException if it can't be opened
     */
    Network open(NetworkSpec spec);
}
