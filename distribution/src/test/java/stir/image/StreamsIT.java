package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Standard output is for results, standard error for what users are to read. */
class StreamsIT {
    /** A SavedModel: TensorFlow logs at its first session, below an error. */
    private static Launch layersOfSavedModel() {
        var model = Path.of("..", "backend-tf", "src", "test", "resources", "tf_vgg0");
        return Image.built().stir("layers", model.toAbsolutePath().normalize().toString());
    }

    @Test
    void aSavedModelIsOpenedWithoutAWord() {
        assertTrue(layersOfSavedModel().run().done().contains("conv1_1"));
    }

    @Test
    void logsOfTensorFlowAreThereOnRequest() {
        var ended = layersOfSavedModel().with("TF_CPP_MIN_LOG_LEVEL", "0").run();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().lines().anyMatch(line -> line.startsWith("I0000 ")), ended.err());
    }

    @Test
    void logsOfJavaAreNotResults() {
        var ended = Image.built()
                .stir("measures")
                .with("STIR_JAVA_OPTS", "-Xlog:gc")
                .run();
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.err().contains("[gc]"), ended.err());
        assertFalse(ended.out().contains("[gc]"), ended.out());
        assertTrue(ended.out().contains("linear-cka"), ended.out());
    }

    @Test
    void aReaderThatHasEnoughEndsTheCommandSilently() {
        var stir = Image.built().folder().resolve("bin/stir");
        var line = "set -o pipefail; '" + stir + "' measures | true";
        var ended = new Launch(List.of("bash", "-c", line)).run();
        assertEquals("", ended.err());
        assertEquals(128 + 13, ended.code(), "as after SIGPIPE");
    }

    @Test
    void resultsThatNobodyTakesAreAFailure() {
        var stir = Image.built().folder().resolve("bin/stir");
        var closed = new Launch(List.of("sh", "-c", "exec '" + stir + "' measures >&-"));
        var sentence = closed.run().failure(1);
        assertTrue(sentence.contains("could not be written"), sentence);
    }
}
