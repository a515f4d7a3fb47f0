package stir.backend.djl;

import java.util.List;
import stir.api.Model;
import stir.api.testing.DefaultLayersContract;

/** The default layers of the three formats of PyTorch. */
class DefaultLayersTest extends DefaultLayersContract {
    private static final Npz REFERENCE = Fixture.arrays("endings/endings.npz");

    @Override
    protected List<String> formats() {
        return List.of("trace.pt", "script.pt", "pt2");
    }

    @Override
    protected Model open(String network, String format) {
        return Fixture.open("endings/%s.%s".formatted(network, format));
    }

    @Override
    protected float[] reference(String name) {
        return REFERENCE.floats(name);
    }
}
