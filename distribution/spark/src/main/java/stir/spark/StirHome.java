package stir.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.Stir;
import stir.core.runtime.machine.HostName;

/**
 * The unpacked archive, as this machine sees it.
 *
 * @param folder the folder of the archive
 */
record StirHome(Path folder) {
    private static final String BACKEND = "stir-backend-";

    /**
     * Loads the backends and plug-ins.
     *
     * @throws UsageException if this machine does not see the archive, or its version is not that
     *     of this jar; the message names the machine
     */
    Stir load() {
        var backends = folder.resolve("backends");
        if (!Files.isDirectory(backends)) {
            throw new UsageException(
                    "Host %s does not see %s: specify the unpacked archive (--home) by a path that all machines share."
                            .formatted(HostName.here(), backends));
        }
        var end = "-" + Stir.version() + ".jar";
        for (var jar : backendJars(backends)) {
            var name = jar.getFileName().toString();
            if (!name.endsWith(end)) {
                throw new UsageException(
                        "Host %s has %s in %s, but the driver has version %s of Stir: install the same version on all machines."
                                .formatted(HostName.here(), name, folder, Stir.version()));
            }
        }
        return Stir.load(folder);
    }

    /** Returns the jars of Stir's own backends, which have a fixed prefix. */
    private static List<Path> backendJars(Path backends) {
        try (Stream<Path> jars = Files.find(backends, 2, (jar, unused) -> isBackend(jar))) {
            return jars.sorted().toList();
        } catch (IOException e) {
            throw new UsageException("%s could not be read (%s).".formatted(backends, IoReason.of(e)), e);
        }
    }

    private static boolean isBackend(Path jar) {
        var name = jar.getFileName().toString();
        return name.startsWith(BACKEND) && name.endsWith(".jar");
    }
}
