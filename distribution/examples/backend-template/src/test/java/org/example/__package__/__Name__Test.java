package org.example.__package__;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Shape;
import stir.api.contract.BackendContract;

class __Name__Test extends BackendContract {
    @Override
    protected BackendProvider provider() {
        return new __Name__();
    }

    @Override
    protected Path model() {
        return Path.of("src/test/resources/two-outputs.txt");
    }

    @Override
    protected Shape inputShape() {
        return Shape.of(3);
    }

    @Test
    void computesTheProductOfMatrixAndInput() {
        var options = new ModelOptions(Device.CPU, 1, cache(), Map.of());
        try (var model = provider().open(model(), options);
                var hook = model.hook("linear", new HookOptions(inputShape()))) {
            var values = Batch.allocate(1, Shape.of(2));
            hook.represent(Batch.of(inputShape(), 1, 0.5f, 0), values);
            assertArrayEquals(new float[] {2, -0.5f}, values.toArray());
        }
    }
}
