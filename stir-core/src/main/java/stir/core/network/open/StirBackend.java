package stir.core.network.open;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import stir.api.support.Platform;
import stir.core.runtime.machine.StirVersion;

/** The backends of Stir's own, each of which may be missing from an installation. */
enum StirBackend {
    DJL("PyTorch", "pt|pt2|pth|ts"),
    ONNX("ONNX", "onnx"),
    TF("TensorFlow", "pb");

    private final String library;
    private final String endings;

    StirBackend(String library, String endings) {
        this.library = library;
        this.endings = endings;
    }

    /** Returns the backend that usually reads such files, judged only by the name. */
    static Optional<StirBackend> of(Path file) {
        if (Files.exists(file.resolve("saved_model.pb"))) {
            return Optional.of(TF);
        }
        return Arrays.stream(values())
                .filter(backend -> file.toString().matches(".*\\.(" + backend.endings + ")"))
                .findFirst();
    }

    /** Returns the backend with an id. */
    static Optional<StirBackend> of(String id) {
        return Arrays.stream(values())
                .filter(backend -> backend.id().equals(id))
                .findFirst();
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns a description of how to install the backend, without a full stop. */
    String advice() {
        var platform = Platform.current();
        return "networks of %s need stir-backend-%s-%s-%s-%s.tar.gz, unpacked where Stir's own archive was, or in a program the module stir-backend-%2$s"
                .formatted(
                        library,
                        id(),
                        StirVersion.current(),
                        platform.system().equals("mac") ? "macos" : platform.system(),
                        platform.processor());
    }
}
