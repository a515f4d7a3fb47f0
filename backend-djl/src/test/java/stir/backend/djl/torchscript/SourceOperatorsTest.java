package stir.backend.djl.torchscript;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.backend.djl.libtorch.SourceException;

/** Source that could reach files, and source that could not. */
class SourceOperatorsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "_0 = torch.save(x, \"f\")",
                "_0 = torch.load(\"f\")",
                "x = torch.from_file(\"f\", True, 10)",
                "_0 = torch . save(x, \"f\")",
                "_0 = torch.save",
                "_0 = torch.autograd.\\\n    save(x, \"f\")",
                "_0 = (torch.autograd).\\\n    from_file(\"f\", True, 10)",
                "_0 = torch.autograd.load(\"f\")",
                "_0 = torch._ctc_loss(x, x, [1], [1])",
                "_0 = torch.ctc_loss(x, x, [1], [1])",
                "_0 = (x).to_sparse()",
                "_0 = torch.sparse_coo_tensor(x, x)",
                "_0 = ops.sparse.qlinear(x)",
                "_0 = torch._sparse_csr_tensor_unsafe(x, x, x, [1, 10])",
                "_0 = torch.segment_reduce(x, \"sum\", lengths=x, unsafe=True)",
                "_0 = torch.max_pool2d_with_indices_backward(x, x, [2, 2], x)",
                "_0 = ops.aten.embedding_dense_backward(x, x, 5, -1, False)",
                "_0 = (x).adaptive_max_pool2d_backward(x, x)",
                "_0 = getattr(x, \"nll_loss_backward\")(x)",
                "_0 = torch.linalg_ldl_solve(x, x, x)",
                "_0 = torch._native_multi_head_attention(x, x, x, 64, torch.add(z, 0), x, x, x, x)",
                "_0 = torch._native_multi_head_attention(x, x, f(x, 1), 64, 0, x, x, x, x)",
                "_0 = torch._native_multi_head_attention(x, x, x, 64, num_head=z, x)",
                "z = int(x)\n    _0 = torch._native_multi_head_attention(x, x, x, 64, z, x, x, x, x)",
                "_0 = torch._transformer_encoder_layer_fwd(x, 64, z, x, x, x, x)",
                "a = torch._native_multi_head_attention",
                "_0 = ops.prim.id(self)",
                "_0 = torch.hash(x)",
                "t = torch\n    t.save(x, \"f\")",
                "_0 = f(torch)",
                "_0 = ops.aten.save(x, \"f\")",
                "a = ops.aten",
                "a = ops",
                "_0 = ops.prim.rpc_sync(\"other\", f, (x,))",
                "_0 = ops.c10d.send([x], g, 1, 0)",
                "_0 = ops.mine.touch(x)",
                "_0 = (x).save(\"f\")",
                "_0 = (\"f\").from_file()",
                "_0 = getattr(x, \"save\")(\"f\")",
                "_0 = getattr(f(x, [1, 2]), \"save\")(\"f\")",
                "_0 = getattr(x, \"sa\" \"ve\")(\"f\")",
                "_0 = getattr(x, \"s\\x61ve\")(\"f\")",
                "_0 = getattr(x, 's''ave')(\"f\")",
                "g = getattr",
                "_0 = __torch__.torch.classes.c10d.FileStore(\"f\", 1)",
                "y = x  # ( '\n    _0 = torch.save(x, \"f\")  # ')",
                "y = [\"\"\"a\"\"\", x]",
                "y = \"a\n    torch.relu(x)\""
            })
    void sourceThatReachesBeyondItsValuesIsRefused(String line) {
        var source = "def forward(self, x: Tensor) -> Tensor:\n    " + line + "\n    return x\n";
        assertThrows(SourceException.class, () -> SourceOperators.check(source));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x0 = torch.relu(torch.add(x, 1))",
                "ops.prim.RaiseException(\"torch.save(x, 'f')\")",
                "y = self.save_path",
                "y = self.load",
                "y = self.id",
                "y = torch._unsafe_view(x, [1])",
                "y = torch.unsafe_chunk(x, 2)",
                "y = torch.embedding(x, x, -1, False, False)",
                "y = (self.sparse_block).forward(x)",
                "y = (self.load).forward(x, )",
                "y = (self.lstm_backward).forward(x, )",
                "y = (self).loss_backward(x, )",
                "y = torch._native_multi_head_attention(x, x, f(x, 1), 64, 2, x, x, x, x)",
                "n = self.num_heads\n    y = torch._native_multi_head_attention(x, x, x, e, n, x, x)",
                "n = a.num_heads\n    y = torch._transformer_encoder_layer_fwd(x, e, n, x, x, x, x)",
                "y = getattr(self, \"0\")",
                "y = getattr(self.a, \"1\", None)",
                "y = (__torch__.mine.save.Net).forward(x)",
                "y = x  # torch.save(x, \"f\")",
                "y = ops.torchvision.nms(x, x, 0.5)",
                "y = torch.format(\"{} it's\", \"\", x)",
                "y = torch.tensor(1.e-05, dtype=6)"
            })
    void otherSourceIsAccepted(String line) {
        var source = "def forward(self, x: Tensor) -> Tensor:\n    " + line + "\n    return x\n";
        assertDoesNotThrow(() -> SourceOperators.check(source));
    }

    @Test
    void attributesMayHaveTheNamesOfLibraries() {
        assertDoesNotThrow(
                () -> SourceOperators.check("class Net(Module):\n  ops : __torch__.List\n  torch : Tensor\n"));
    }

    @Test
    void theSentenceNamesTheCall() {
        var refusal = assertThrows(SourceException.class, () -> SourceOperators.check("torch.save(x, \"f\")"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("calls save"));
    }
}
