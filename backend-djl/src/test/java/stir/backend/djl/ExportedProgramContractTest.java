package stir.backend.djl;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import stir.api.BackendProvider;
import stir.api.Shape;
import stir.api.contract.BackendContract;

/** The contract of all backends, on a program of {@code torch.export}. */
@Tag("once")
class ExportedProgramContractTest extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new DjlBackendProvider();
    }

    @Override
    protected Path model() {
        return Fixture.file("exported.newer.pt2");
    }

    @Override
    protected Shape inputShape() {
        return Shape.of(3, 8, 8);
    }
}
