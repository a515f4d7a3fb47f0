package stir.backend.djl;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, on a scripted archive. */
@Tag("once")
class ScriptedArchiveContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new DjlBackendProvider();
    }

    @Override
    protected Path model() {
        return Fixture.file("vgg0.script.pt");
    }

    @Override
    protected Shape inputShape() {
        return Fixture.DIGIT;
    }
}
