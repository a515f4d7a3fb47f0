package stir.core.store;

import stir.core.files.WholeFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The blocks of rows that a search which goes on has saved, one file each, and some disk that is
 * kept free for the last one.
 */
final class BlockFolder {
    private static final String ENDING = ".rows";
    private static final String RESERVE = "reserve";

    private final Path path;
    private final WholeFiles files;
    private int next;

    /**
     * A folder that may not exist yet.
     *
     * @param path where
     * @param files writes blocks
     */
    BlockFolder(Path path, WholeFiles files) {
        this.path = path;
        this.files = files;
    }

    /** The saved blocks, in their order; what a killed process left unfinished is removed. */
    List<Path> blocks() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        List<Path> entries;
        try (Stream<Path> found = Files.list(path)) {
            entries = found.sorted().toList();
        }
        for (Path entry : entries) {
            if (isUnfinished(entry)) {
                Files.delete(entry);
            }
        }
        return entries.stream()
                .filter(entry -> entry.toString().endsWith(ENDING) && !isUnfinished(entry))
                .toList();
    }

    private static boolean isUnfinished(Path entry) {
        return entry.getFileName().toString().startsWith(WholeFiles.UNFINISHED);
    }

    /** Removes a block that is of no use. */
    void drop(Path block) throws IOException {
        Files.deleteIfExists(block);
    }

    /**
     * Makes the folder ready for new blocks.
     *
     * @param blocks those that stay
     * @param spare the bytes that are kept free for the last block
     */
    void prepare(List<Path> blocks, int spare) throws IOException {
        Files.createDirectories(path);
        for (Path block : blocks) {
            var name = block.getFileName().toString();
            next = Math.max(next, 1 + Integer.parseInt(name.substring(0, name.indexOf('.'))));
        }
        var zeros = new byte[1 << 16];
        files.write(
                path.resolve(RESERVE),
                out -> {
                    for (int left = spare; left > 0; left -= zeros.length) {
                        out.write(zeros, 0, Math.min(left, zeros.length));
                    }
                });
    }

    /** Saves a block. */
    void write(RowBlock block) throws IOException {
        files.write(path.resolve("%08d%s".formatted(next, ENDING)), block::writeTo);
        next++;
    }

    /** Gives the disk that was kept free. */
    void giveReserve() throws IOException {
        Files.deleteIfExists(path.resolve(RESERVE));
    }

    /** Removes all blocks. */
    void delete() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> found = Files.walk(path)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : all) {
            Files.delete(entry);
        }
    }
}
