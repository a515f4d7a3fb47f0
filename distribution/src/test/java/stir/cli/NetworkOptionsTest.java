package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import stir.api.Layout;
import stir.api.UsageException;
import stir.cli.command.FrontEnd;
import stir.cli.option.MachineOptions;
import stir.cli.option.NetworkOptions;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        var spec =
                spec(
                        "",
                        "--layer x,y --layer-weights 1,2 --normalise half --layout flat --backend onnx");
        assertEquals(List.of(new SearchedLayer("x", 1), new SearchedLayer("y", 2)), spec.layers());
        assertEquals(List.of(0.5), spec.preprocessing().mean());
        assertEquals(Optional.of("onnx"), spec.backend());
        assertEquals(Optional.of(Layout.FLAT), spec.preprocessing().layout());
    }

    @Test
    void anOptionForOneNetworkWins() {
        var spec =
                spec(
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
}
