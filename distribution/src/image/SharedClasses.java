import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes the archive from which the image's Java loads parsed classes, those of Stir included: a
 * third of the processor time of a short command.
 *
 * <pre>java SharedClasses.java IMAGE SCRATCH TIME</pre>
 *
 * The bytes are the same for the same image. Java writes addresses of the process into the archive,
 * which nothing reads: they differ between two dumps, and become 0. The order of the first classes
 * depends on which of Java's threads came first: of the orders that occur, the first by its name is
 * taken.
 */
final class SharedClasses {
    private static final int ATTEMPTS = 16;
    private static final List<String> OPTIONS =
            List.of("-XX:+UseSerialGC", "-Djava.awt.headless=true", "--add-modules", "ALL-SYSTEM");
    private static final List<String> MAIN = List.of("-m", "stir.cli/stir.cli.Main");

    private final Path image;
    private final Path scratch;

    private SharedClasses(Path image, Path scratch) {
        this.image = image;
        this.scratch = scratch;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var shared = new SharedClasses(Path.of(arguments[0]), Path.of(arguments[1]));
        Files.createDirectories(shared.scratch);
        var list = shared.scratch.resolve("classes.lst");
        Files.write(list, shared.loaded());
        var target = Path.of(arguments[0], "runtime", "lib", "server", "classes.jsa");
        if (!Files.isDirectory(target.getParent())) { // Windows
            target = Path.of(arguments[0], "runtime", "bin", "server", "classes.jsa");
        }
        Files.deleteIfExists(target);
        Files.write(target, shared.dump(list));
        Files.setLastModifiedTime(target, FileTime.from(Instant.parse(arguments[2])));
    }

    /** Returns the classes that short commands load, in the order of their names. */
    private Collection<String> loaded() throws IOException, InterruptedException {
        var model = image.resolve("demo/vgg_gelu0.onnx").toString();
        var classes = new TreeSet<String>();
        for (var command :
                List.of(
                        List.of("--help"),
                        List.of("measures"),
                        List.of("layers", model),
                        List.of("help", "score", "--all"))) {
            var list = scratch.resolve("loaded.lst");
            var options =
                    new ArrayList<String>(
                            List.of(
                                    "-Xshare:off",
                                    "-XX:DumpLoadedClassList=" + list,
                                    "-Dguice_bytecode_gen_option=DISABLED",
                                    "-Dstir.home=" + image,
                                    "--add-opens",
                                    "java.base/java.io=stir.cli"));
            options.addAll(OPTIONS);
            options.addAll(MAIN);
            options.addAll(command);
            java(options);
            for (var line : Files.readAllLines(list)) {
                // Not those of backends, whose jars Java does not archive.
                if (!line.startsWith("#") && !line.contains("source:")) {
                    classes.add(line);
                }
            }
        }
        return classes;
    }

    private byte[] dump(Path list) throws IOException, InterruptedException {
        var byOrder = new TreeMap<String, List<byte[]>>();
        for (int i = 0; i < ATTEMPTS && !isEnough(byOrder); i++) {
            var archive = scratch.resolve("classes.jsa");
            var log = scratch.resolve("order.log");
            Files.deleteIfExists(archive);
            var options =
                    new ArrayList<String>(
                            List.of(
                                    "-Xshare:dump",
                                    "-Xint",
                                    "-XX:SharedClassListFile=" + list,
                                    "-XX:SharedArchiveFile=" + archive,
                                    "-Xlog:class+load:file=" + log + ":none"));
            options.addAll(OPTIONS);
            options.addAll(MAIN);
            java(options);
            byOrder.computeIfAbsent(order(log), any -> new ArrayList<>())
                    .add(Files.readAllBytes(archive));
        }
        for (var same : byOrder.values()) {
            if (same.size() > 1) {
                return withoutAddresses(same.get(0), same.get(1));
            }
        }
        throw new IllegalStateException("Each archive of classes has another order.");
    }

    /** Returns whether two orders were seen, and the first one of them twice. */
    private static boolean isEnough(TreeMap<String, List<byte[]>> byOrder) {
        return byOrder.size() > 1 && byOrder.firstEntry().getValue().size() > 1;
    }

    private static String order(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.map(line -> line.replaceFirst(" .*", "")).collect(Collectors.joining(" "));
        }
    }

    private static byte[] withoutAddresses(byte[] archive, byte[] other) {
        var one = ByteBuffer.wrap(archive);
        var two = ByteBuffer.wrap(other);
        for (int at = 0; at + Long.BYTES <= archive.length; at += Long.BYTES) {
            if (one.getLong(at) != two.getLong(at)) {
                if (at == 0) { // the kind of file, and a sum that Java does not check
                    one.putInt(Integer.BYTES, 0);
                } else {
                    one.putLong(at, 0);
                }
            }
        }
        return archive;
    }

    private void java(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(image.resolve("runtime/bin/java").toString());
        command.addAll(arguments);
        var log = scratch.resolve("java.log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STIR_CACHE", scratch.resolve("cache").toString());
        builder.environment().keySet().removeIf(name -> name.matches("STIR_(PLUGINS|DEBUG)"));
        int code = builder.redirectOutput(log.toFile()).start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(
                    "%s ends with %d: %s".formatted(command, code, Files.readString(log)));
        }
    }
}
