package stir.backend.tf;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.HookOptions;
import stir.api.Norm;
import stir.api.Shape;

/**
 * A process of its own for {@link MemoryTest}: prints by how many kilobytes some passes grew it.
 */
final class ManyPasses {
    private static final int WARM_UP = 300;
    private static final int ROWS = 8;
    private static final Shape DIGIT = Shape.of(28, 28, 1);

    private ManyPasses() {}

    public static void main(String[] arguments) throws IOException {
        int passes = Integer.parseInt(arguments[0]);
        CotangentRule same = (found, cotangents) -> {
            for (int i = 0; i < found.buffer().limit(); i++) {
                cotangents.buffer().put(i, found.buffer().get(i));
            }
        };
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var hook = model.hook("conv1_1", new HookOptions(DIGIT))) {
            var inputs = Batch.allocate(ROWS, DIGIT);
            for (int i = 0; i < inputs.buffer().limit(); i++) {
                inputs.buffer().put(i, i * 37 % 101 / 101f);
            }
            var targets = Batch.allocate(ROWS, hook.layer().shape());
            var gradients = Batch.allocate(ROWS, DIGIT);
            long before = 0;
            for (int i = 0; i < WARM_UP + passes; i++) {
                if (i == WARM_UP) {
                    before = residentKilobytes();
                }
                if (i % 2 == 0) {
                    hook.pullback(inputs, same, targets, gradients);
                } else {
                    hook.distance(inputs, targets, Norm.L2, new double[ROWS], gradients);
                }
            }
            var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.println(residentKilobytes() - before);
        }
    }

    private static long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS");
    }
}
