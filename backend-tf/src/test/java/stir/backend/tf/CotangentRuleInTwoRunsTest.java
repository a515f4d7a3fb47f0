package stir.backend.tf;

import java.nio.file.Path;
import java.util.Map;
import stir.api.Device;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.SideInputs;
import stir.backend.tf.run.TfDevices;
import stir.backend.tf.run.TfNatives;
import stir.backend.tf.saved.TensorFlowFile;

/** The same tests with the settings for a GPU, which avoid partial runs, on this machine's CPU. */
class CotangentRuleInTwoRunsTest extends CotangentRuleTest {
    @Override
    Model open(Path file) {
        TfNatives.load(Models.cache());
        var settings = TfDevices.config(Device.parse("cuda"), 2);
        var model = PreparedModel.of(TensorFlowFile.read(file, Map.of(), SideInputs.NONE), settings);
        var options = new ModelOptions(Device.CPU, 2, Models.cache(), Map.of());
        return new TfModel(model, options, settings);
    }
}
