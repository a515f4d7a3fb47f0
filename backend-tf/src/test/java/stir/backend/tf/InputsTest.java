package stir.backend.tf;

import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.SideInputs;
import stir.api.contract.InputsContract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Networks of several inputs and of inputs that are not images, against TensorFlow's gradients. */
class InputsTest extends InputsContract {
    @Override
    protected Model open(String name, SideInputs inputs) {
        var options = new ModelOptions(Device.CPU, 1, Models.cache(), Map.of("signature", name));
        return new TfBackendProvider().open(Resources.path("inputs"), options, inputs);
    }

    @Override
    protected float[] array(String name) {
        try {
            return new Npz(Resources.path("inputs.ref.npz")).floats(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected String hidden(String name) {
        return name + "_hidden";
    }

    @Override
    protected boolean isChannelsLast() {
        return true;
    }
}
