package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Model;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.contract.InputsContract;

/** Networks of several inputs and of inputs that are not images, against PyTorch's autograd. */
class InputsTest {
    /** The tests of one kind of export. */
    abstract static class OfExports extends InputsContract {
        private final String ending;

        OfExports(String ending) {
            this.ending = ending;
        }

        @Override
        protected Model open(String name, SideInputs inputs) {
            var file = Fixture.file("inputs/" + name + ending);
            return new DjlBackendProvider().open(file, Fixture.options(), inputs);
        }

        @Override
        protected float[] array(String name) {
            return Fixture.arrays("inputs/inputs.npz").floats(name);
        }

        @Override
        protected String hidden(String name) {
            return "hidden";
        }
    }

    @Nested
    class Programs extends OfExports {
        Programs() {
            super(".pt2");
        }

        @Test
        void aMaskOfAnotherLengthIsRefusedWithBothSizes() {
            var mask = new SideInputs.Side(SideInputs.Type.INTEGER, false, Batch.allocate(1, Shape.of(4)));
            var bias = new SideInputs.Side(SideInputs.Type.FLOAT, false, Batch.allocate(1, Shape.of(6)));
            var given = new SideInputs(Optional.empty(), Map.of("mask", mask, "bias", bias));
            var refusal = assertThrows(
                    UsageException.class, () -> open("masked", given).close());
            assertEquals(
                    "The model takes 'mask' as ?x5 (the first dimension is the batch), but a given row is 4: use an array of that shape.",
                    refusal.getMessage());
        }
    }

    @Nested
    class Traces extends OfExports {
        Traces() {
            super(".trace.pt");
        }

        @Override
        protected boolean statesTypes() {
            return false;
        }
    }
}
