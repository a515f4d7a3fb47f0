package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

class GuardedHookTest {
    /** Cotangents that depend on all rows, so that a rule which sees some only is found out. */
    private static final CotangentRule COUPLED = (representations, cotangents) -> {
        float sum = 0;
        for (float value : representations.toArray()) {
            sum += value;
        }
        for (int i = 0; i < cotangents.buffer().limit(); i++) {
            cotangents.buffer().put(i, sum + i);
        }
    };

    private static LayerHook guard(LayerHook hook) {
        return new GuardedHook(hook, true, new ConcurrentHashMap<>(), closed -> {});
    }

    private static Batch noise(int rows, Shape shape, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < batch.buffer().limit(); i++) {
            batch.buffer().put(i, random.nextFloat());
        }
        return batch;
    }

    private static Batch inputs(int rows) {
        return noise(rows, UnkindHook.INPUT, rows);
    }

    private static Batch representations(int rows) {
        return Batch.allocate(rows, UnkindHook.REPRESENTATION);
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "3, 4", "4, 4", "5, 4", "11, 4", "7, 1", "250, 2"})
    void aFixedBatchComputesWhatAFreeOneDoes(int rows, int batch) {
        var bare = UnkindHook.ofBatch(batch);
        var free = guard(UnkindHook.free());
        var fixed = guard(bare);
        for (int round = 0; round < 2; round++) { // the second time in memory that is used again
            var inputs = noise(rows, UnkindHook.INPUT, round);
            var targets = noise(rows, UnkindHook.REPRESENTATION, 2 + round);
            var expected = new ArrayList<float[]>();
            var written = new ArrayList<float[]>();
            everything(free, inputs, targets, expected);
            everything(fixed, inputs, targets, written);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), written.get(i), "result " + i);
            }
        }
        assertEquals(List.of(batch), bare.passes.stream().distinct().toList());
        assertEquals(OptionalInt.empty(), fixed.batch());
    }

    private static void everything(LayerHook hook, Batch inputs, Batch targets, List<float[]> results) {
        int rows = inputs.rows();
        var representations = representations(rows);
        hook.represent(inputs, representations);
        results.add(representations.toArray());
        var gradients = inputs.copy();
        hook.pullback(inputs, targets, gradients);
        results.add(gradients.toArray());
        var seen = representations(rows);
        hook.pullback(inputs, COUPLED, seen, gradients);
        results.add(seen.toArray());
        results.add(gradients.toArray());
        var distances = new double[rows];
        hook.distance(inputs, targets, Norm.L2, distances, gradients);
        results.add(gradients.toArray());
        var narrow = new float[rows];
        for (int row = 0; row < rows; row++) {
            narrow[row] = (float) distances[row];
        }
        results.add(narrow);
    }

    @Test
    void aRuleForSeveralPassesGoesForwardOnceAndSeesAllRows() {
        var bare = UnkindHook.ofBatch(4);
        var calls = new ArrayList<Integer>();
        guard(bare)
                .pullback(
                        inputs(10),
                        (representations, cotangents) -> calls.add(representations.rows()),
                        representations(10),
                        inputs(10));
        assertEquals(List.of(10), calls);
        assertEquals(List.of(4, 4, 4), bare.passes);
    }

    @Test
    void veryManyPassesDoNotWaitForEachOther() {
        var bare = UnkindHook.ofBatch(1);
        guard(bare).pullback(inputs(5000), COUPLED, representations(5000), inputs(5000));
        assertEquals(10_000, bare.passes.size());
    }

    @Test
    void theCallersMemoryIsHandedOnIfAnyNumberOfRowsIsAccepted() {
        var handed = new ArrayList<Batch>();
        var bare = new ForwardingHook(UnkindHook.free()) {
            @Override
            public void represent(Batch inputs, Batch representations) {
                Collections.addAll(handed, inputs, representations);
            }
        };
        var inputs = inputs(3);
        var representations = representations(3);
        guard(bare).represent(inputs, representations);
        assertSame(inputs, handed.get(0));
        assertSame(representations, handed.get(1));
    }

    @Test
    void noRowsCauseNoCall() {
        var bare = UnkindHook.free();
        var hook = guard(bare);
        everything(hook, inputs(0), representations(0), new ArrayList<>());
        assertEquals(List.of(), bare.passes);
    }

    @Test
    void otherShapesAreRefused() {
        var bare = UnkindHook.free();
        var hook = guard(bare);
        var wrong = Batch.allocate(3, Shape.of(4));
        var two = inputs(2);
        assertRefused(() -> hook.represent(wrong, representations(3)));
        assertRefused(() -> hook.represent(inputs(3), wrong));
        assertRefused(() -> hook.represent(inputs(3), representations(2)));
        assertRefused(() -> hook.pullback(wrong, representations(3), inputs(3)));
        assertRefused(() -> hook.pullback(inputs(3), wrong, inputs(3)));
        assertRefused(() -> hook.pullback(inputs(3), representations(3), two));
        assertRefused(() -> hook.pullback(inputs(3), COUPLED, wrong, inputs(3)));
        assertRefused(() -> hook.pullback(inputs(3), COUPLED, representations(3), wrong));
        var room = new double[3];
        assertRefused(() -> hook.distance(inputs(3), wrong, Norm.L2, room, inputs(3)));
        assertRefused(() -> hook.distance(inputs(3), representations(3), Norm.L2, room, two));
        assertRefused(() -> hook.distance(inputs(3), representations(3), Norm.L2, new double[2], inputs(3)));
        assertEquals(List.of(), bare.passes);
    }

    private static void assertRefused(Runnable call) {
        var refusal = assertThrows(IllegalArgumentException.class, call::run);
        var words = String.valueOf(refusal.getMessage());
        assertTrue(words.contains("3 rows"), words);
    }

    @Test
    void withoutGradientsOnlyRepresentationsAreComputed() {
        var bare = UnkindHook.free();
        var hook = new GuardedHook(bare, false, new ConcurrentHashMap<>(), closed -> {});
        hook.represent(inputs(2), representations(2));
        assertThrows(IllegalStateException.class, () -> hook.pullback(inputs(2), representations(2), inputs(2)));
        assertThrows(
                IllegalStateException.class, () -> hook.pullback(inputs(2), COUPLED, representations(2), inputs(2)));
        assertThrows(
                IllegalStateException.class,
                () -> hook.distance(inputs(2), representations(2), Norm.L2, new double[2], inputs(2)));
        assertEquals(List.of(2), bare.passes);
    }

    @Test
    void closesOnceAndThenRefuses() {
        var bare = UnkindHook.free();
        var closed = new ArrayList<LayerHook>();
        var hook = new GuardedHook(bare, true, new ConcurrentHashMap<>(), closed::add);
        hook.close();
        hook.close();
        assertEquals(1, bare.closings());
        assertEquals(List.of(hook), closed);
        assertThrows(IllegalStateException.class, () -> hook.represent(inputs(1), representations(1)));
        assertEquals("squares", hook.layer().name());
    }

    @Test
    void closingWaitsForPassesThatAreGoingOn() throws Exception {
        var started = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var bare = new UnkindHook(OptionalInt.empty(), () -> {
            started.countDown();
            await(goOn);
        });
        var hook = guard(bare);
        var pass = CompletableFuture.runAsync(() -> hook.represent(inputs(1), representations(1)));
        await(started);
        var closing = CompletableFuture.runAsync(hook::close);
        Thread.sleep(50);
        assertFalse(closing.isDone());
        assertEquals(0, bare.closings());
        goOn.countDown();
        pass.get(10, TimeUnit.SECONDS);
        closing.get(10, TimeUnit.SECONDS);
        assertEquals(1, bare.closings());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingWithinItsOwnPassIsRefusedRatherThanWaitedForEver() {
        var bare = UnkindHook.free();
        var hook = guard(bare);
        assertThrows(
                IllegalStateException.class,
                () -> hook.pullback(
                        inputs(1), (representations, cotangents) -> hook.close(), representations(1), inputs(1)));
    }

    @ParameterizedTest
    @CsvSource({"0", "2"})
    void passesOfSeveralThreadsRunAtTheSameTime(int batch) throws Exception {
        var together = new CyclicBarrier(2); // broken unless two passes are in it at once
        Runnable meet = () -> {
            try {
                together.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        var hook = guard(new UnkindHook(batch == 0 ? OptionalInt.empty() : OptionalInt.of(batch), meet));
        var passes = new ArrayList<CompletableFuture<float[]>>();
        for (int i = 0; i < 2; i++) {
            var inputs = noise(3, UnkindHook.INPUT, i);
            passes.add(CompletableFuture.supplyAsync(
                    () -> {
                        var represented = representations(3);
                        hook.represent(inputs, represented);
                        return represented.toArray();
                    },
                    task -> new Thread(task).start()));
        }
        for (int i = 0; i < 2; i++) {
            var expected = representations(3);
            UnkindHook.free().represent(noise(3, UnkindHook.INPUT, i), expected);
            assertArrayEquals(expected.toArray(), passes.get(i).get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aRulesFailureIsReportedAndLeavesTheHookOpen() {
        var hook = guard(UnkindHook.ofBatch(2));
        var failure = new UnsupportedOperationException("the rule's own");
        var heard = assertThrows(
                UnsupportedOperationException.class,
                () -> hook.pullback(
                        inputs(5),
                        (representations, cotangents) -> {
                            throw failure;
                        },
                        representations(5),
                        inputs(5)));
        assertSame(failure, heard);
        var represented = representations(5);
        hook.represent(inputs(5), represented);
        assertEquals(inputs(5).get(4, 0) * inputs(5).get(4, 0), represented.get(4, 0));
    }
}
