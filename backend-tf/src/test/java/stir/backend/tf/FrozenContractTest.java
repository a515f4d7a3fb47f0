package stir.backend.tf;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, with a frozen graph. */
@Tag("slow")
@Tag("once")
class FrozenContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new TfBackendProvider();
    }

    @Override
    protected Path model() {
        return Resources.path("adv0.frozen.pb");
    }

    @Override
    protected Shape inputShape() {
        return Shape.of(28, 28, 1);
    }
}
