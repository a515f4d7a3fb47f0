package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.Spread;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.InvertRequest;

class SpreadTest {
    private static final Shape SHAPE = Shape.of(1, 8, 8);
    private static final int COUNT = 6;
    private static final double TOLERANCE = InversionSettings.DEFAULT.tolerance();

    private static Spread spread(DenseNetwork model, InversionSettings settings, int members, int threads, int batch) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(threads).withBatchSize(batch);
        try (var network = Network.of("dense", "", "test", model, spec)) {
            return Stir.load().spread(InvertRequest.of(network, inputs(), settings), members);
        }
    }

    private static Inputs inputs() {
        return new SearchFixture.Noise(COUNT, SHAPE);
    }

    /** Returns as many searches from random seeds. */
    private static Spread random(DenseNetwork model, int members) {
        var spec = NetworkSpec.of(Path.of("dense"));
        var inversions = IntStream.range(0, members)
                .mapToObj(key -> {
                    var settings = InversionSettings.DEFAULT.withRngSeed(key);
                    try (var network = Network.of("dense", "", "test", model, spec);
                            var searched = SearchedNetworks.of(
                                    network, inputs(), 100, settings, SearchedObjectives.NO_NETWORKS)) {
                        return new Inverter(settings, searched, inputs()).invert(ProgressListener.SILENT);
                    }
                })
                .toList();
        return Spread.of(inputs(), inversions, TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"2, true", "4, true", "4, false"})
    void membersAreInvariantAndFartherApartThanSearchesFromRandomSeeds(int members, boolean linear) {
        var model = linear ? DenseNetwork.linear(1, SHAPE, 12) : new DenseNetwork(1, SHAPE, 12);
        var spread = spread(model, InversionSettings.DEFAULT, members, 1, 100);
        for (var member : spread.members()) {
            assertTrue(member.maxResidual() <= TOLERANCE, "residual " + member.maxResidual());
            for (int i = 0; i < COUNT; i++) {
                for (float value : point(member, i)) {
                    assertTrue(value >= 0 && value <= 1, "outside the box: " + value);
                }
            }
        }
        assertEquals(members * COUNT, spread.converged());
        double apart = spread.meanApart().orElseThrow();
        double expected = random(model, members).meanApart().orElseThrow();
        assertTrue(apart > 1.2 * expected, apart + " and " + expected);
        assertTrue(spread.meanNearest().orElseThrow() <= apart);
    }

    private static float[] point(Inversion member, int index) {
        return member.invariantInputs().read(index, 1).toArray();
    }

    @Test
    void membersDependNeitherOnBatchesNorThreadsNorLaterMembers() {
        var model = new DenseNetwork(1, SHAPE, 12);
        var settings = InversionSettings.DEFAULT.withIterations(60);
        var whole = spread(model, settings, 3, 1, 100).members();
        var parts = spread(model, settings, 2, 2, 2).members();
        for (int k = 0; k < parts.size(); k++) {
            for (int i = 0; i < COUNT; i++) {
                assertArrayEquals(point(whole.get(k), i), point(parts.get(k), i));
            }
        }
    }

    @Test
    void repeatsOfFarSeedsComeInOppositePairs() {
        var seeds = IntStream.rangeClosed(1, 4)
                .mapToObj(repeat -> {
                    var row = Batch.allocate(1, SHAPE);
                    var first = new Seed.Far(false);
                    new SeedSource(first.ofRepeat(repeat), first.key(7, repeat), inputs()).write(2, row, 0);
                    return row.toArray();
                })
                .toList();
        for (int i = 0; i < SHAPE.size(); i++) {
            assertEquals(1.5f, Math.abs(seeds.get(0)[i] - 0.5f));
            assertEquals(1, seeds.get(0)[i] + seeds.get(1)[i]);
            assertEquals(1, seeds.get(2)[i] + seeds.get(3)[i]);
        }
        assertTrue(IntStream.range(0, SHAPE.size()).anyMatch(i -> seeds.get(0)[i] != seeds.get(2)[i]));
        assertEquals(new Seed.Far(true), Seed.parse(new Seed.Far(true).text()));
        assertEquals(new Seed.Far(false), Seed.parse("far"));
    }

    private static Inversion at(float value, double residual) {
        var points = Batch.allocate(2, Shape.of(4));
        for (int i = 0; i < 4; i++) {
            points.set(0, i, value);
            points.set(1, i, value);
        }
        var rows = Stream.of(0.0, residual)
                .map(each -> new Inversion.Row(each, 0, 0, 0, 0, 0))
                .toList();
        return new Inversion(Inputs.of(points), rows, List.of(), false);
    }

    @Test
    void membersThatWereNotFoundAreNotCounted() {
        var inputs = Inputs.of(Batch.allocate(2, Shape.of(4)));
        var spread = Spread.of(inputs, List.of(at(0.25f, 0), at(0.5f, 0), at(1, 0.2)), 0.1);
        assertEquals(5, spread.converged());
        assertEquals(0.5, spread.nearest(0, 0).orElseThrow());
        assertEquals(1, spread.nearest(2, 0).orElseThrow());
        assertTrue(spread.nearest(2, 1).isEmpty());
        double first = DoubleStream.of(0.5, 1.5, 1).average().orElseThrow();
        assertEquals((first + 0.5) / 2, spread.meanApart().orElseThrow(), 1e-12);
        assertEquals(2, spread.fromInput(2, 1));
        var alone = Spread.of(inputs, List.of(at(0, 1), at(1, 1)), -1);
        assertTrue(alone.meanApart().isEmpty() && alone.meanNearest().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | SEED | super-noise | A spread has from 2",
                "2 | SEED | white | A spread chooses its seeds itself: leave the seed white out.",
                "2 | OPTIMIZER | reference | Far seeds, and a spread, require the optimiser",
                "2 | OPTIMIZER | nearest | Far seeds, and a spread, require the optimiser",
                "2 | BALL | l2:1@input | Searches with far seeds, and a spread, leave every ball: omit ball."
            })
    void settingsThatDoNotGoTogetherAreRefused(int members, SearchOption option, String text, String sentence) {
        var settings = InversionSettings.DEFAULT.with(option, text);
        var refusal = assertThrows(UsageException.class, () -> Spread.settings(settings, members));
        assertTrue(refusal.getMessage().startsWith(sentence), refusal.getMessage());
    }
}
