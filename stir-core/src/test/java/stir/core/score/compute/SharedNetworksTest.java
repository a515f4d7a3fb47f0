package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.study.CompareRequest;

/** Several threads compare the same networks at once, as a server would. */
class SharedNetworksTest {
    private static final NetworkSpec SPEC = NetworkSpec.of(Path.of("dense")).withThreads(2);

    @Test
    void eightThreadsFindWhatOneFinds() throws Exception {
        var stir = Stir.load();
        var a = Network.of("a", "", "test", ScoredNetworks.A, SPEC);
        var b = Network.of("b", "", "test", ScoredNetworks.B, SPEC);
        var request = CompareRequest.of(a, b, ScoredNetworks.INPUTS).withSettings(ScoredNetworks.SETTINGS);
        Callable<List<Map<String, MeasureScore>>> compared = () -> stir.compare(request).directions().stream()
                .map(DirectedScore::measures)
                .toList();
        var pool = Executors.newFixedThreadPool(8);
        try {
            for (var comparison :
                    pool.invokeAll(Stream.generate(() -> compared).limit(8).toList())) {
                assertEquals(
                        ScoredNetworks.COMPARISON.directions().stream()
                                .map(DirectedScore::measures)
                                .toList(),
                        comparison.get());
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aMeasureThatWasNotAskedForIsRefused() {
        var score = ScoredNetworks.COMPARISON.aGivenB();
        var refusal = assertThrows(UsageException.class, () -> score.of("rsa-pearso"));
        assertTrue(refusal.getMessage().contains("no measure 'rsa-pearso'"), refusal.getMessage());
    }

    @Test
    void requestsRefuseNullByName() {
        var a = Network.of("a", "", "test", ScoredNetworks.A, SPEC);
        @SuppressWarnings("NullAway") // as of callers without that check
        var refusal = assertThrows(NullPointerException.class, () -> CompareRequest.of(a, null, ScoredNetworks.INPUTS));
        assertEquals("b", refusal.getMessage());
    }
}
