package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import stir.api.Layout;
import stir.api.UsageException;
import stir.cli.command.FrontEnd;
import stir.cli.option.ExperimentOptions;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;

/** Tests of the options that hold for two networks or for one of them. */
class NetworkOptionsTest {
    private static NetworkSpec spec(String one, String both) {
        return parsed(one).over(parsed(both)).spec(Path.of("a.pt"), new MachineOptions());
    }

    private static NetworkOptions parsed(String line) {
        var arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);
        var options = new NetworkOptions();
        FrontEnd.of(new CommandLine(options), () -> false).parseArgs(arguments);
        return options;
    }

    @Test
    void anOptionForBothNetworksHoldsWhereNoneIsGivenForOne() {
        var spec = spec("", "--layer x,y --layer-weights 1,2 --normalise half --layout flat --backend onnx");
        assertEquals(List.of(new SearchedLayer("x", 1), new SearchedLayer("y", 2)), spec.layers());
        assertEquals(List.of(0.5), spec.preprocessing().mean());
        assertEquals(Optional.of("onnx"), spec.backend());
        assertEquals(Optional.of(Layout.FLAT), spec.preprocessing().layout());
    }

    @Test
    void anOptionForOneNetworkWins() {
        var spec = spec(
                "--layer z --normalize none --setting gain=2",
                "--layer x,y --layer-weights 1,2 --mean 0.5 --std 0.5 --setting gain=1 --setting more=3");
        assertEquals(List.of(new SearchedLayer("z", 1)), spec.layers());
        assertEquals(List.of(), spec.preprocessing().mean());
        assertEquals(Map.of("gain", "2", "more", "3"), spec.settings());
    }

    @Test
    void numbersForOneNetworkReplaceTheNamedNormalisationOfBoth() {
        var spec = spec("--mean 0.25 --std 0.5", "--normalise imagenet");
        assertEquals(List.of(0.25), spec.preprocessing().mean());
        assertEquals(
                List.of(0.5),
                spec("--std 0.5", "--mean 0.1 --std 0.3").preprocessing().standardDeviation());
        assertThrows(UsageException.class, () -> spec("", "--mean 0.5 --normalise half"));
    }

    @Test
    void inputsOfAnExperimentsNetworksAreGivenForAllOrForOne(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("two.yaml"), """
                        models:
                          - {name: a, file: a.pt, inputs: {mask: 1, types: 2}}
                          - {name: b, file: b.pt, search-input: y}
                        inputs: x.npy
                        """);
        for (var name : List.of("a.pt", "b.pt", "x.npy")) {
            Files.createFile(folder.resolve(name));
        }
        var options = new ExperimentOptions();
        FrontEnd.of(new CommandLine(options), () -> false)
                .parseArgs(
                        file.toString(), "--input=mask=0", "--input=b:mask=0.5", "--input=z:0=7", "--search-input=a:x");
        var models = options.read(Path.of("")).experiment().models();
        assertEquals(
                new ModelInputs(Optional.of("x"), given("mask", "0", "types", "2", "z:0", "7")),
                models.get(0).spec().inputs());
        assertEquals(
                new ModelInputs(Optional.of("y"), given("mask", "0.5", "z:0", "7")),
                models.get(1).spec().inputs());
    }

    private static Map<String, GivenInput> given(String... namesAndValues) {
        var given = new HashMap<String, GivenInput>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put(namesAndValues[i], new GivenInput.Constant(namesAndValues[i + 1]));
        }
        return given;
    }
}
