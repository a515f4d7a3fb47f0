package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private CudaLibraries in(String... folders) {
        var none = folder.resolve("no-list");
        return CudaLibraries.in(List.of(folders).stream().map(folder::resolve).toList(), List.of(none, none));
    }

    @Test
    void allThatIsMissingIsNamed() {
        assertTrue(
                in().reason("12.8", "no device")
                        .startsWith(
                                "NVIDIA's driver is missing (libcuda.so.1); CUDA 12.8 is missing (libcudart.so.12); cuDNN 9 is missing (libcudnn.so.9); "));
        assertTrue(in().reason("12.8", "no device").endsWith("; no device"));
    }

    @Test
    void packagesShowTheirVersions() throws IOException {
        file("nvidia/cuda_runtime/lib/libcudart.so.12");
        file("nvidia/cudnn/lib/libcudnn.so.9");
        file("nvidia_cuda_runtime_cu12-12.6.77.dist-info/METADATA");
        file("nvidia_cudnn_cu12-9.5.1.17.dist-info/METADATA");
        file("driver/libcuda.so.1");
        var found = in("nvidia/cuda_runtime/lib", "nvidia/cudnn/lib", "driver");
        assertEquals(Optional.of("12.6.77"), found.cudaVersion());
        assertEquals(Optional.of("9.5.1.17"), found.cudnnVersion());
        assertTrue(found.reason("12.8", "").startsWith("CUDA is 12.6.77 and must be 12.8 or a newer 12"));
        assertTrue(found.reason("12.6", "its words").endsWith("its words"));
        assertTrue(!found.reason("12.6", "").contains("CUDA is"));
    }

    @Test
    void aToolkitShowsItsVersionByTheNameOfItsFile() throws IOException {
        var real = file("cuda/libcudart.so.12.9.79");
        Files.createSymbolicLink(folder.resolve("cuda/libcudart.so.12"), real);
        assertEquals(Optional.of("12.9.79"), in("cuda").cudaVersion());
    }

    @Test
    void loadedLibrariesPrecedeFoldersAndThosePrecedeTheLinkersList() throws IOException {
        var loaded = file("loaded/libcudart.so.12.4.127");
        var cached = file("cached/libcudnn.so.9");
        var maps = Files.writeString(folder.resolve("maps"), "7f00-7f01 r-xp 08 00:1 9    " + loaded + "\n");
        var cache = Files.writeString(folder.resolve("cache"), "libcudnn.so.9\0" + cached + "\0");
        file("other/libcudart.so.12");
        var found = CudaLibraries.in(List.of(folder.resolve("other")), List.of(maps, cache));
        assertEquals(Optional.of("12.4.127"), found.cudaVersion());
        assertEquals(Optional.of(cached), found.cudnn());
        assertEquals(Optional.empty(), found.driver());
    }
}
