package stir.core.study;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A study of small networks in a folder. */
abstract class StudyInFolder {
    static final int IMAGES = 12;

    @TempDir
    Path folder;

    StudyFixture study = new StudyFixture(Path.of(""));

    @BeforeEach
    void files() throws IOException {
        study = StudyFixture.in(folder, IMAGES);
    }
}
