package stir.backend.tf;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Norm;
import stir.api.Shape;

/** A separate process for {@link ModuleTest}, with a cache folder and a model as arguments. */
final class FirstStart {
    private FirstStart() {}

    public static void main(String[] arguments) {
        FirstStart.class.getModule().addUses(BackendProvider.class);
        var provider = ServiceLoader.load(BackendProvider.class).findFirst().orElseThrow();
        var options = new ModelOptions(Device.CPU, 1, Path.of(arguments[0]), Map.of());
        var digit = Shape.of(28, 28, 1);
        try (var model = provider.open(Path.of(arguments[1]), options);
                var hook = model.hook("relu1", new HookOptions(digit))) {
            var inputs = Batch.allocate(1, digit);
            for (int i = 0; i < digit.size(); i++) {
                inputs.set(0, i, i % 7 / 7f);
            }
            var gradients = Batch.allocate(1, digit);
            var targets = Batch.allocate(1, Shape.of(128));
            hook.distance(inputs, targets, Norm.L2, new double[1], gradients);
            var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.println(provider.getClass().getModule().getName()
                    + " "
                    + provider.devices(Path.of(arguments[0]))
                    + " "
                    + Arrays.hashCode(gradients.toArray()));
        }
    }
}
