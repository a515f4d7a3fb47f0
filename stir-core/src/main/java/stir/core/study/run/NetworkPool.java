package stir.core.study.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.Scope;
import stir.core.inputs.Inputs;
import stir.core.io.files.FileSize;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.open.Networks;
import stir.core.study.plan.StudiedModel;

/**
 * The open networks of a study. The most recently used ones stay open, as far as the sum of their
 * files' sizes allows, and in any case two with the further networks that a search needs. Not
 * thread-safe.
 */
public final class NetworkPool implements Networks, AutoCloseable {
    /**
     * The maximum number of bytes of the files of models that are open together, unless another
     * limit is given.
     */
    private static final long MOST_BYTES = 2_000_000_000L;

    /** The most models that are open together, whatever their files' sizes are. */
    private static final int MOST_OPEN = 200;

    /** The networks that are used together: a target and a reference. */
    private static final int FEWEST = 2;

    private final long mostBytes;
    private final Networks opener;
    private final Map<String, Network> given;
    private final Map<String, String> hashes = new HashMap<>();
    private final Map<NetworkSpec, String> otherHashes = new HashMap<>();
    private final LinkedHashMap<NetworkKey, OpenNetwork> open = new LinkedHashMap<>(FEWEST, 0.75f, true);
    private final Map<NetworkSpec, Network> others = new LinkedHashMap<>();

    /** The further networks that were opened for the model that was last returned. */
    private final Set<NetworkSpec> inUse = new HashSet<>();

    private final Map<StudiedModel, ArrayModel> arrays = new LinkedHashMap<>();

    /**
     * The key of an open network: models with the same specification share one, unless the caller
     * has opened them.
     *
     * @param given the model's name, if the caller has opened it
     */
    private record NetworkKey(String given, NetworkSpec spec) {}

    /**
     * Creates an empty pool.
     *
     * @param opener the opener of networks
     * @param given networks that are open already, by the names of their models; the caller retains
     *     ownership
     */
    public NetworkPool(Networks opener, Map<String, Network> given) {
        this(opener, given, MOST_BYTES);
    }

    /**
     * Creates an empty pool with a limit.
     *
     * @param mostBytes the maximum number of bytes of the files of models that are open together
     */
    NetworkPool(Networks opener, Map<String, Network> given, long mostBytes) {
        this.opener = opener;
        this.given = Map.copyOf(given);
        this.mostBytes = mostBytes;
    }

    /**
     * Returns the open network of a model.
     *
     * @throws DataException if the model's file has changed since it was first opened
     */
    public OpenNetwork get(StudiedModel model, Inputs inputs) {
        inUse.clear();
        var present = given.get(model.name());
        var key = new NetworkKey(present == null ? "" : model.name(), model.spec());
        var known = open.get(key);
        if (known != null) {
            return known;
        }
        makeRoom(present == null ? FileSize.of(model.spec().file()) : 0, FEWEST - 1);
        var added = present == null ? opened(model, inputs) : new OpenNetwork(unchanged(model, present), false, inputs);
        open.put(key, added);
        return added;
    }

    /** Opens a network, which is closed again if it refuses the inputs. */
    private OpenNetwork opened(StudiedModel model, Inputs inputs) {
        var network = opener.open(model.spec());
        try {
            return new OpenNetwork(unchanged(model, network), true, inputs);
        } catch (RuntimeException | Error e) {
            try (network) {
                throw e;
            }
        }
    }

    private Network unchanged(StudiedModel model, Network network) {
        checkUnchanged(network, hashes.putIfAbsent(model.name(), network.sha256()));
        return network;
    }

    /**
     * Returns the open arrays of a model, which stay open as long as the pool; empty if it is a
     * network.
     */
    public Optional<ArrayModel> arrays(StudiedModel model) {
        return model.arrays().map(stored -> arrays.computeIfAbsent(model, unused -> new ArrayModel(model, stored)));
    }

    /**
     * Returns the layers of a model, whatever the inputs are; empty if its input shape is not
     * fixed. The model is opened and closed again, unless it was given open.
     */
    public Optional<List<Layer>> listedWithoutInputs(StudiedModel model) {
        var present = given.get(model.name());
        if (present != null) {
            return listed(present);
        }
        if (arrays(model).isPresent()) {
            return Optional.empty(); // it has no layers to choose from
        }
        try (var network = opener.open(model.spec())) {
            return listed(network);
        }
    }

    private static Optional<List<Layer>> listed(Network network) {
        var shape = network.input().shape();
        return shape.isKnown() ? Optional.of(network.layers(shape)) : Optional.empty();
    }

    /**
     * Closes further networks that are not in use, and then the least recently used models, of
     * which the fewest stay open.
     */
    private void makeRoom(long bytes, int fewest) {
        long sum = bytes;
        for (var key : open.keySet()) {
            sum += FileSize.of(key.spec().file());
        }
        for (var spec : others.keySet()) {
            sum += FileSize.of(spec.file());
        }
        for (var spec : List.copyOf(others.keySet())) {
            if (isRoom(sum)) {
                return;
            }
            if (!inUse.contains(spec)) {
                sum -= FileSize.of(spec.file());
                Objects.requireNonNull(others.remove(spec)).close();
            }
        }
        for (var key : List.copyOf(open.keySet())) {
            if (isRoom(sum) || open.size() <= fewest) {
                return;
            }
            sum -= FileSize.of(key.spec().file());
            Objects.requireNonNull(open.remove(key)).close();
        }
    }

    private boolean isRoom(long bytes) {
        return bytes <= mostBytes && open.size() + others.size() < MOST_OPEN;
    }

    /**
     * Returns a further network of a search, which stays open at least until another model is asked
     * for.
     */
    @Override
    public Network open(NetworkSpec spec) {
        return open(spec, FEWEST - 1);
    }

    /** Returns a head as {@link #open} does, while the target and the reference stay open. */
    Network head(NetworkSpec spec) {
        return open(spec, FEWEST);
    }

    private Network open(NetworkSpec spec, int fewest) {
        inUse.add(spec);
        var known = others.get(spec);
        if (known != null) {
            return known;
        }
        makeRoom(FileSize.of(spec.file()), fewest);
        var opened = opener.open(spec);
        checkUnchanged(opened, otherHashes.putIfAbsent(spec, opened.sha256()));
        others.put(spec, opened);
        return opened;
    }

    /** Closes and refuses a network whose file had another hash when it was first opened. */
    private static void checkUnchanged(Network network, @Nullable String hash) {
        if (hash != null && !hash.equals(network.sha256())) {
            network.close();
            throw new DataException("%s has changed while the study ran: run it again."
                    .formatted(network.spec().file()));
        }
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            others.values().forEach(scope::own);
            open.values().forEach(scope::own);
            arrays.values().forEach(scope::own);
        } finally {
            arrays.clear();
            others.clear();
            open.clear();
        }
    }
}
