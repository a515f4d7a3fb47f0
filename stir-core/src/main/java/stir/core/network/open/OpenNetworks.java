package stir.core.network.open;

import stir.api.Scope;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Networks;

import java.util.HashMap;
import java.util.Map;

/** Networks that are opened when they are first asked for, and closed together. */
public final class OpenNetworks implements Networks, AutoCloseable {
    private final ModelOpener opener;
    private final Scope scope = new Scope();
    private final Map<NetworkSpec, Network> open = new HashMap<>();

    /** No network yet. */
    public OpenNetworks(ModelOpener opener) {
        this.opener = opener;
    }

    @Override
    public synchronized Network open(NetworkSpec spec) {
        var found = open.get(spec);
        if (found == null) {
            found = scope.own(opener.open(spec));
            open.put(spec, found);
        }
        return found;
    }

    @Override
    public synchronized void close() {
        open.clear();
        scope.close();
    }
}
