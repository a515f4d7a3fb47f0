package stir.backend.djl;

import java.nio.file.Path;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, on a traced archive. */
class TracedArchiveContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new DjlBackendProvider();
    }

    @Override
    protected Path model() {
        return Fixture.file("vgg0.trace.pt");
    }

    @Override
    protected Shape inputShape() {
        return Fixture.DIGIT;
    }
}
