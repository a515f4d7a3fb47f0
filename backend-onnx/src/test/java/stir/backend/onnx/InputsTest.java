package stir.backend.onnx;

import java.nio.file.Path;
import java.util.Objects;
import stir.api.Model;
import stir.api.SideInputs;
import stir.api.contract.InputsContract;

/** Networks of several inputs and of inputs that are not images, against PyTorch's autograd. */
class InputsTest extends InputsContract {
    @Override
    protected Model open(String name, SideInputs inputs) {
        var file = Fixtures.model("inputs/" + name);
        return new OnnxBackendProvider().open(file, Fixtures.options(1), inputs);
    }

    @Override
    protected float[] array(String name) {
        var file = Path.of("src", "test", "resources", "fixtures", "inputs", "inputs.npz");
        return Objects.requireNonNull(Fixtures.arrays(file).get(name), name);
    }

    @Override
    protected String hidden(String name) {
        return "hidden";
    }
}
