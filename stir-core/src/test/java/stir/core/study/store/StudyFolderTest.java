package stir.core.study.store;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.core.io.files.FolderLock;
import stir.core.score.StudiedLayer;

class StudyFolderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "layer1.0/relu:0",
                "con",
                "NUL.weight",
                "com1.x",
                "a.",
                ".hidden",
                "a<b>|c?*\"",
                "a b",
                "\u00e9",
                "C:\\x",
                "../up",
                "/Relu_output_0"
            })
    void everyNameOfALayerIsAFileOnWindows(String layer) throws IOException {
        var name = StudyFolder.name(layer);
        assertTrue(name.matches("[A-Za-z0-9._@#-]*[^.]"), name);
        assertFalse(name.matches("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?"), name);
        try (var windows = Jimfs.newFileSystem(Configuration.windows())) {
            var folder = new StudyFolder(windows.getPath("C:\\study"));
            var at = new StudiedLayer("nul", layer);
            Files.createDirectories(folder.search(at, "aux", 0));
            Files.createDirectories(requireNonNull(folder.scores("con", "prn").getParent()));
            Files.writeString(folder.scores("con", "prn"), "{}");
            for (var part : folder.scores("con", "prn")) {
                assertFalse(Set.of("con", "prn.json").contains(part.toString()), part.toString());
            }
        }
    }

    // Folders that were stored keep their names.
    @ParameterizedTest
    @CsvSource({
        "relu1,relu1",
        "features.3#2,features.3#2",
        "Conv_0@out,Conv_0@out",
        "console,console",
        "layer1.0/relu:0,_layer1.0_relu_0-986723cb",
        "con,_con-1143da2b"
    })
    void usualNamesStay(String layer, String name) {
        assertEquals(name, StudyFolder.name(layer));
    }

    @Test
    void aFileSystemThatIgnoresCaseIsSeen() throws IOException {
        for (var configuration : new Configuration[] {Configuration.windows(), Configuration.unix()}) {
            try (var system = Jimfs.newFileSystem(configuration)) {
                var root = system.getPath("study").toAbsolutePath();
                FolderLock.of(root, false, note -> {}).close();
                assertEquals(system.getSeparator().equals("\\"), new StudyFolder(root).ignoresCase());
            }
        }
    }
}
