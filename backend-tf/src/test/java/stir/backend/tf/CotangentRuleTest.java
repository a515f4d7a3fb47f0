package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;
import stir.api.contract.Numerical;

/** The pass that stops at the representations and continues with a rule's cotangents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Numerical
class CotangentRuleTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);
    private static final int ROWS = 6;

    /** A non-linear rule, so that each row's cotangents reveal the rule's representations. */
    private static final CotangentRule SQUARES = (found, cotangents) -> {
        for (int i = 0; i < found.buffer().limit(); i++) {
            float value = found.buffer().get(i);
            cotangents.buffer().put(i, value * value - 1);
        }
    };

    private Model model;
    private LayerHook hook;
    private Batch inputs;
    private Batch expectedValues;
    private Batch expectedGradients;

    @BeforeAll
    void open() {
        model = open(Resources.path("tf_vgg0"));
        hook = model.hook("pool1", new HookOptions(DIGIT));
        inputs = Batch.allocate(ROWS, DIGIT);
        for (int i = 0; i < inputs.buffer().limit(); i++) {
            inputs.buffer().put(i, i * 37 % 101 / 101f);
        }
        expectedValues = like();
        expectedGradients = Batch.allocate(ROWS, DIGIT);
        hook.represent(inputs, expectedValues);
        var cotangents = like();
        SQUARES.apply(expectedValues, cotangents);
        hook.pullback(inputs, cotangents, expectedGradients);
    }

    Model open(Path file) {
        return Models.open(file);
    }

    @AfterAll
    void close() {
        hook.close();
        model.close();
    }

    private Batch like() {
        return Batch.allocate(ROWS, hook.layer().shape());
    }

    private void assertWorks() {
        var values = like();
        var gradients = Batch.allocate(ROWS, DIGIT);
        hook.pullback(inputs, SQUARES, values, gradients);
        Errors.assertSame(expectedValues, values);
        Errors.assertSame(expectedGradients, gradients);
    }

    @Test
    void equalsTwoPasses() {
        assertWorks();
    }

    @Test
    void theRuleIsCalledOnceWithAllRows() {
        var calls = new AtomicInteger();
        hook.pullback(
                inputs,
                (found, cotangents) -> {
                    calls.incrementAndGet();
                    assertEquals(ROWS, found.rows());
                    assertEquals(ROWS, cotangents.rows());
                    SQUARES.apply(found, cotangents);
                },
                like(),
                Batch.allocate(ROWS, DIGIT));
        assertEquals(1, calls.get());
    }

    @Test
    void aFailureOfARuleIsThrownAndLeavesTheHookIntact() {
        var failure = new UnsupportedOperationException("the rule's own");
        for (int i = 0; i < 3; i++) {
            var thrown = assertThrows(
                    UnsupportedOperationException.class,
                    () -> hook.pullback(
                            inputs,
                            (found, cotangents) -> {
                                throw failure;
                            },
                            like(),
                            Batch.allocate(ROWS, DIGIT)));
            assertSame(failure, thrown);
            assertEquals(0, thrown.getSuppressed().length);
            assertWorks();
        }
    }

    @Test
    void fewerRowsAfterMoreHaveSeparateMemory() {
        assertWorks();
        var values = Batch.allocate(2, hook.layer().shape());
        var gradients = Batch.allocate(2, DIGIT);
        hook.pullback(inputs.slice(0, 2), SQUARES, values, gradients);
        Errors.assertSame(expectedGradients.slice(0, 2), gradients);
        assertWorks();
    }

    @Test
    void severalThreadsPullBackAtOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 16; i++) {
                tasks.add(() -> {
                    assertWorks();
                    return true;
                });
            }
            for (var task : threads.invokeAll(tasks)) {
                assertEquals(true, task.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aRuleMayUseTheHook() {
        var gradients = Batch.allocate(ROWS, DIGIT);
        hook.pullback(
                inputs,
                (found, cotangents) -> {
                    var again = like();
                    hook.represent(inputs, again);
                    Errors.assertSame(found, again);
                    SQUARES.apply(again, cotangents);
                },
                like(),
                gradients);
        Errors.assertSame(expectedGradients, gradients);
    }
}
