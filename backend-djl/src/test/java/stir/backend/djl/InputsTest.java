package stir.backend.djl;

import org.junit.jupiter.api.Nested;

import stir.api.Model;
import stir.api.SideInputs;
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
