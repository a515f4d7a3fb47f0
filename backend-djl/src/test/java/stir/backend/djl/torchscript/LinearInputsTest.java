package stir.backend.djl.torchscript;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearInputsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    x = torch.linear(y, w, b)|x = torch.linear(torch.contiguous(y), w, b)
                    x = torch.linear((y)[0], w)|x = torch.linear(torch.contiguous((y)[0]), w)
                    torch.linear(f(a, {"(": b}), w)|torch.linear(torch.contiguous(f(a, {"(": b})), w)
                    f(torch.linear(torch.linear(a, v), w))|f(torch.linear(torch.contiguous(torch.linear(torch.contiguous(a), v)), w))
                    f("torch.linear(", [torch.linear(a)])|f("torch.linear(", [torch.linear(torch.contiguous(a))])
                    x = torch.linear_of(y, w)|x = torch.linear_of(y, w)
                    x = __torch__.mytorch.linear(y)|x = __torch__.mytorch.linear(y)
                    x = _0.torch.linear(y, w)|x = _0.torch.linear(y, w)
                    raise("it is 'open")|raise("it is 'open")
                    x = torch.linear(y, w|x = torch.linear(y, w
                    x = 'never closed|x = 'never closed
                    """)
    void areContiguous(String source, String changed) {
        assertEquals(changed, LinearInputs.contiguous(source));
    }

    @Test
    void areContiguousInTheArchiveThatLibtorchLoads(@TempDir Path folder) throws IOException, URISyntaxException {
        var fixture = LinearInputsTest.class.getResource("/stir/backend/djl/attention.trace.pt");
        assertNotNull(fixture);
        var copy = folder.resolve("copy.pt");
        TorchScriptArchive.read(Path.of(fixture.toURI())).write(copy, Map.of(), List.of());
        int linear = 0;
        int contiguous = 0;
        try (var zip = new ZipFile(copy.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                var text = new String(zip.getInputStream(entry).readAllBytes(), UTF_8);
                linear += text.split("torch\\.linear\\(", -1).length - 1;
                contiguous += text.split("torch\\.linear\\(torch\\.contiguous\\(", -1).length - 1;
            }
        }
        assertTrue(linear > 0, "no linear layer");
        assertEquals(linear, contiguous);
    }
}
