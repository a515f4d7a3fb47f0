package stir.backend.onnx;

import java.nio.file.Path;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, for ONNX. */
class OnnxContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new OnnxBackendProvider();
    }

    @Override
    protected Path model() {
        return Fixtures.model("resnet0");
    }

    @Override
    protected Shape inputShape() {
        return Fixtures.DIGIT;
    }
}
