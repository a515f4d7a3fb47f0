package stir.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The unpacked image, or a copy of it.
 *
 * @param folder where it is
 */
record Image(Path folder) {
    /** The image that the build has made. */
    static Image built() {
        return new Image(Path.of(System.getProperty("stir.image")).toAbsolutePath());
    }

    /** The folder for what tests make. It is on the image's disk, so that a copy costs nothing. */
    static Path scratch(String name) throws IOException {
        var folder = built().folder.resolveSibling("image-tests").resolve(name);
        if (Files.exists(folder)) {
            delete(folder);
        }
        return Files.createDirectories(folder);
    }

    /** A copy by hard links: files are shared, folders are its own. */
    Image copy(Path to) throws IOException {
        each(folder, Comparator.naturalOrder(), path -> {
            var target = to.resolve(folder.relativize(path).toString());
            if (Files.isSymbolicLink(path)) {
                Files.createSymbolicLink(target, Files.readSymbolicLink(path));
            } else if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.createLink(target, path);
            }
        });
        return new Image(to);
    }

    static void delete(Path folder) throws IOException {
        each(folder, Comparator.naturalOrder(), path -> {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                makeWritable(path, true);
            }
        });
        each(folder, Comparator.reverseOrder(), Files::delete);
    }

    static void makeWritable(Path path, boolean writable) {
        if (!path.toFile().setWritable(writable, true)) {
            throw new IllegalStateException(path + " can't be changed");
        }
    }

    /** Something to do with a path. */
    @FunctionalInterface
    interface Action {
        void on(Path path) throws IOException;
    }

    /** Visits a folder and all in it. */
    static void each(Path folder, Comparator<Path> order, Action action) throws IOException {
        List<Path> paths;
        try (Stream<Path> walked = Files.walk(folder)) {
            paths = walked.sorted(order).toList();
        }
        for (Path path : paths) {
            action.on(path);
        }
    }

    /** A file of the demo. */
    String demo(String name) {
        return folder.resolve("demo").resolve(name).toString();
    }

    /** The launcher with arguments, with a cache that the tests share. */
    Launch stir(String... arguments) {
        return launch(folder.resolve("bin/stir"), arguments);
    }

    /**
     * {@code stir score} of the demo's VGGs on its digits, with more arguments: those of ONNX, since
     * a process with PyTorch begins later.
     */
    Launch score(String... more) {
        var arguments = new ArrayList<>(List.of("score", demo("vgg_gelu0.onnx"), demo("vgg_gelu1.onnx")));
        arguments.addAll(List.of("--inputs", demo("mnist500-images-idx3-ubyte")));
        arguments.addAll(List.of(more));
        return stir(arguments.toArray(String[]::new));
    }

    /** As {@link #stir}, but started through another path. */
    Launch launch(Path launcher, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        try {
            var cache = built().folder.resolveSibling("image-tests").resolve("cache");
            return new Launch(command)
                    .with("STIR_CACHE", Files.createDirectories(cache).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
