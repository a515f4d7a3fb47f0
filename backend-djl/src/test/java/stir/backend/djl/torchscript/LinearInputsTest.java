package stir.backend.djl.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearInputsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    x = torch.linear(y, w, b)|x = torch.linear(torch.contiguous(y), w, b)
                    x = torch.linear((y)[0], w)|x = torch.linear(torch.contiguous((y)[0]), w)
                    torch.linear(f(a, {"(": b}), w)|torch.linear(torch.contiguous(f(a, {"(": b})), w)
                    f(torch.linear(torch.linear(a, v), w))|f(torch.linear(torch.contiguous(torch.linear(torch.contiguous(a), v)), w))
                    f("torch.linear(", [torch.linear(a)])|f("torch.linear(", [torch.linear(torch.contiguous(a))])
                    x = torch.linear_of(y, w)|x = torch.linear_of(y, w)
                    raise("it is 'open")|raise("it is 'open")
                    x = 'never closed|x = 'never closed
                    """)
    void areContiguous(String source, String changed) {
        assertEquals(changed, LinearInputs.contiguous(source));
    }
}
