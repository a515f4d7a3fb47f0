package stir.backend.tf;

import java.nio.file.Path;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, with a SavedModel. */
class TfContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new TfBackendProvider();
    }

    @Override
    protected Path model() {
        return Resources.path("tf_vgg0");
    }

    @Override
    protected Shape inputShape() {
        return Shape.of(28, 28, 1);
    }
}
