package stir.core.study.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;
import stir.core.study.plan.StudiedModel;

class NetworkPoolTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int SIZE = 100;

    @TempDir
    Path folder;

    private final Map<String, DenseNetwork> opened = new LinkedHashMap<>();

    private NetworkSpec spec(String name) throws IOException {
        return NetworkSpec.of(Files.write(folder.resolve(name), new byte[SIZE]));
    }

    private Network open(NetworkSpec spec) {
        var model = new DenseNetwork(1, SHAPE, 3);
        var name = String.valueOf(spec.file().getFileName());
        opened.remove(name);
        opened.put(name, model);
        return Network.of(name, "", "test", model, spec);
    }

    private List<String> openNow() {
        var names = new ArrayList<String>();
        opened.forEach((name, model) -> {
            if (!model.isClosed()) {
                names.add(name);
            }
        });
        return names;
    }

    private OpenNetwork get(NetworkPool pool, String name) throws IOException {
        var model = StudiedModel.of(name, spec(name)).withLayers(List.of("hidden"));
        return pool.get(model, new SearchFixture.Noise(2, SHAPE));
    }

    @Test
    void furtherNetworksStayOpenForTheModelTheyAreMatchedWithAndCountForTheLimit() throws IOException {
        try (var pool = new NetworkPool(this::open, Map.of(), 5 * SIZE / 2)) {
            get(pool, "target");
            get(pool, "reference");
            var first = pool.open(spec("first"));
            pool.open(spec("second"));
            assertEquals(List.of("reference", "first", "second"), openNow());
            assertSame(first, pool.open(spec("first")));
            get(pool, "target");
            assertEquals(List.of("reference", "target"), openNow());
        }
        assertEquals(List.of(), openNow());
    }

    @Test
    void aNetworkThatRefusesTheInputsIsClosed() throws IOException {
        try (var pool = new NetworkPool(this::open, Map.of(), 3 * SIZE / 2)) {
            get(pool, "first");
            var bytes = spec("refusing")
                    .withPreprocessing(new Preprocessing(List.of(127.0), List.of(1.0), Optional.empty()));
            var model = StudiedModel.of("refusing", bytes).withLayers(List.of("hidden"));
            var noise = new SearchFixture.Noise(2, SHAPE);
            assertThrows(UsageException.class, () -> pool.get(model, noise));
            assertEquals(List.of("first"), openNow());
            get(pool, "second");
            assertEquals(List.of("first", "second"), openNow());
        }
        assertEquals(List.of(), openNow());
    }

    @Test
    void aHeadClosesNeitherTheTargetNorTheReference() throws IOException {
        try (var pool = new NetworkPool(this::open, Map.of(), 3 * SIZE / 2)) {
            get(pool, "other");
            get(pool, "target");
            get(pool, "reference");
            pool.head(spec("head"));
            assertEquals(List.of("target", "reference", "head"), openNow());
        }
        assertEquals(List.of(), openNow());
    }
}
