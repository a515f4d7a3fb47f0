package stir.core.study.unit;

import stir.api.DataException;
import stir.api.Layer;
import stir.api.Scope;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Networks;
import stir.core.study.plan.StudiedModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The open networks of a study. Those that were used last stay open, as far as their files are not
 * too large together, and two of them in any case. For one thread at a time.
 */
public final class NetworkPool implements Networks, AutoCloseable {
    /** The bytes of the files of models that are open together; more, and some are closed. */
    private static final long MOST_BYTES = 2_000_000_000L;

    /** A target and a reference are used together. */
    private static final int FEWEST = 2;

    private final Networks opener;
    private final Map<String, Network> given;
    private final Map<String, String> hashes = new HashMap<>();
    private final LinkedHashMap<Key, OpenNetwork> open = new LinkedHashMap<>(FEWEST, 0.75f, true);
    private final Map<NetworkSpec, Network> others = new LinkedHashMap<>();

    /**
     * What tells open networks apart: models that are opened alike share one, but those that came
     * open may be unlike, whatever their files are called.
     *
     * @param given the model's name, if it came open
     * @param spec how it is opened
     */
    private record Key(String given, NetworkSpec spec) {}

    /**
     * A pool without open networks of its own.
     *
     * @param opener opens networks
     * @param given networks that are open already, by the names of their models; they stay their
     *     owners'
     */
    public NetworkPool(Networks opener, Map<String, Network> given) {
        this.opener = opener;
        this.given = Map.copyOf(given);
    }

    /**
     * A model of a study, opened if it is not.
     *
     * @param inputs what it will be shown
     * @throws DataException if the model's file has changed since it was opened first
     */
    public OpenNetwork get(StudiedModel model, Inputs inputs) {
        var present = given.get(model.name());
        var key = new Key(present == null ? "" : model.name(), model.spec());
        var known = open.get(key);
        if (known != null) {
            return known;
        }
        var network = present == null ? opener.open(model.spec()) : present;
        var hash = hashes.putIfAbsent(model.name(), network.sha256());
        if (hash != null && !hash.equals(network.sha256())) {
            network.close();
            throw new DataException(
                    "%s has changed while the study ran: run it again."
                            .formatted(model.spec().file()));
        }
        makeRoom(present == null ? bytes(model.spec().file()) : 0);
        var added = new OpenNetwork(network, present == null, inputs);
        open.put(key, added);
        return added;
    }

    /**
     * The layers that a model has, whatever it will be shown; empty where it leaves open what that
     * may be. It is opened and closed again, unless it came open.
     */
    public Optional<List<Layer>> listedWithoutInputs(StudiedModel model) {
        var present = given.get(model.name());
        if (present != null) {
            return listed(present);
        }
        try (var network = opener.open(model.spec())) {
            return listed(network);
        }
    }

    private static Optional<List<Layer>> listed(Network network) {
        var shape = network.input().shape();
        return shape.isKnown() ? Optional.of(network.layers(shape)) : Optional.empty();
    }

    /** Closes those that were not used for the longest time. */
    private void makeRoom(long bytes) {
        long sum = bytes;
        for (var key : open.keySet()) {
            sum += bytes(key.spec().file());
        }
        for (var key : List.copyOf(open.keySet())) {
            if (sum <= MOST_BYTES || open.size() < FEWEST) {
                return;
            }
            sum -= bytes(key.spec().file());
            var closed = open.remove(key);
            if (closed != null) {
                closed.close();
            }
        }
    }

    private static long bytes(Path file) {
        try (Stream<Path> found = Files.walk(file)) {
            return found.filter(Files::isRegularFile)
                    .mapToLong(each -> each.toFile().length())
                    .sum();
        } catch (IOException e) { // a model that came from no file
            return 0;
        }
    }

    /** The second network of a search, which stays open as long as the pool. */
    @Override
    public Network open(NetworkSpec spec) {
        var known = others.get(spec);
        if (known != null) {
            return known;
        }
        var opened = opener.open(spec);
        others.put(spec, opened);
        return opened;
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            others.values().forEach(scope::own);
            open.values().forEach(scope::own);
        } finally {
            others.clear();
            open.clear();
        }
    }
}
