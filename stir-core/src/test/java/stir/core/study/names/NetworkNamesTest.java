package stir.core.study.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.core.study.plan.StudiedModel;

class NetworkNamesTest {
    /** Returns the names, each of which can be that of a model. */
    private static NetworkNames names(String fileA, String layerA, String fileB, String layerB) {
        var names = NetworkNames.of(fileA, layerA, fileB, layerB);
        names.both().forEach(StudiedModel::checkName);
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "nets/n0.pt, nets/n2.pt, n0, n2",
        "vgg0.script.pt, resnet0.script.pt, vgg0, resnet0",
        "net.v1.pt, net.v2.pt, net.v1, net.v2",
        "a.onnx, b.script.pt, a, b.script",
        "one/net.pt, two/net.pt, one-net, two-net",
        "one/net.pt, two/NET.pt, one-net, two-NET",
        "saved/, other/, saved, other",
        "a/../net.pt, other.pt, net, other",
        "net.pt, net.onnx, net-a, net-b",
        "Net.pt, net.pt, Net-a, net-b",
        "my net (1).pt, my net (2).pt, my-net-1-, my-net-2-",
        "grün.pt, grau.pt, gr-n, grau",
        "größe eins.pt, größe zwei.pt, gr-e-eins, gr-e-zwei",
        "ä.pt, ö.pt, network-a, network-b",
        ".hidden.pt, _private.pt, hidden, private"
    })
    void networksHaveTheNamesOfTheirFiles(String fileOfA, String fileOfB, String a, String b) {
        assertEquals(new NetworkNames(a, b), names(fileOfA, "fc1", fileOfB, "fc1"));
    }

    @ParameterizedTest
    @CsvSource({
        "conv1, fc1, conv1, fc1",
        "/block/1/relu, /block/2/relu, block-1-relu, block-2-relu",
        "fc1, fc1, net-a, net-b",
        "FC1, fc1, net-a, net-b",
        "ü, ö, net-a, net-b"
    })
    void networksOfOneFileHaveTheNamesOfTheirLayers(String layerOfA, String layerOfB, String a, String b) {
        assertEquals(new NetworkNames(a, b), names("net.pt", layerOfA, "net.pt", layerOfB));
    }

    @Test
    void oneFileInTwoFoldersIsTwoFiles() {
        assertEquals(
                new NetworkNames("one-net", "two-net"), names("/nets/one/net.pt", "conv1", "/nets/two/net.pt", "fc1"));
    }

    @Test
    void aSingleNetworkHasTheNameOfItsFile() {
        assertEquals("net", NetworkNames.ofFile("nets/net.script.pt"));
        assertEquals("net", NetworkNames.ofFile("net.onnx"));
        assertEquals("my-net", NetworkNames.ofFile("my net.onnx"));
        assertEquals("saved", NetworkNames.ofFile("models/saved/"));
        assertEquals("network", NetworkNames.ofFile("ä.pt"));
    }
}
