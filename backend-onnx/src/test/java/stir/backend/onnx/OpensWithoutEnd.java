package stir.backend.onnx;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import stir.api.HookOptions;

/**
 * A process that repeatedly opens a model and a hook of it, and continues for a while after it is
 * terminated, like work that must finish in an orderly manner.
 */
final class OpensWithoutEnd {
    private OpensWithoutEnd() {}

    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var options = Fixtures.options(1);
        Runtime.getRuntime().addShutdownHook(new Thread(OpensWithoutEnd::sleep));
        while (true) {
            try (var model = new OnnxBackendProvider().open(Path.of(arguments[0]), options);
                    var hook = model.hook(model.defaultLayer().orElseThrow(), new HookOptions(Fixtures.DIGIT))) {
                out.println(hook.layer().name());
            }
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(700);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
