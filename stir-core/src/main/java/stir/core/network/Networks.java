package stir.core.network;

/**
 * Where open networks come from. What it opens stays its own: whoever made it closes the networks
 * when nothing uses them any more.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Networks {
    /**
     * An open network; the same one may be given out again for the same specification.
     *
     * @throws stir.api.StirException if it can't be opened
     */
    Network open(NetworkSpec spec);
}
