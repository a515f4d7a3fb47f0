import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Writes the archive from which the image's Java loads parsed classes, those of Stir included: a
 * third of the processor time of a short command.
 *
 * <pre>java SharedClasses.java IMAGE SCRATCH TIME</pre>
 *
 * The bytes are the same for the same image where Java can be held on one processor (Linux). Java writes addresses of the process into the archive,
 * which nothing reads: they differ between two dumps, and become 0. Ends with an exception if Java
 * can't use the archive.
 */
final class SharedClasses {
    private static final int ATTEMPTS = 24;

    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final Path CHRT = Path.of("/usr/bin/chrt");

    /** The number of archives that must agree. */
    private static final int ALIKE = 4;

    /** The most words that hold addresses; there are about ten. */
    private static final int MOST_ADDRESSES = 64;

    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Djava.awt.headless=true",
                    "--add-modules",
                    "ALL-SYSTEM",
                    "-m",
                    "stir.cli/stir.cli.Main");

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
        shared.java(List.of("-Xshare:on", "-Dstir.home=" + shared.image), "--version");
        Files.setLastModifiedTime(target, FileTime.from(Instant.parse(arguments[2])));
    }

    /** Returns the classes that short commands load, in the order of their names. */
    private Collection<String> loaded() throws IOException, InterruptedException {
        var model = image.resolve("demo/vgg_gelu0.onnx").toString();
        var rows = rows().toString();
        var classes = new TreeSet<String>();
        // Unpacks native libraries, which would add classes to the list the first time.
        java(List.of("-Dstir.home=" + image), "layers", model);
        for (var command :
                List.of(
                        List.of("--help"),
                        List.of("measures"),
                        List.of("layers", model),
                        List.of("similarity", rows, rows, "--measure", "linear-cka"),
                        List.of("help", "score", "--all"))) {
            var list = scratch.resolve("loaded.lst");
            var options =
                    new ArrayList<String>(
                            List.of(
                                    "-Xshare:off",
                                    "-XX:DumpLoadedClassList=" + list,
                                    "-Dguice_bytecode_gen_option=DISABLED",
                                    // no other thread loads classes
                                    "-Djava.util.concurrent.ForkJoinPool.common.parallelism=0",
                                    "-Dstir.home=" + image,
                                    "--add-opens",
                                    "java.base/java.io=stir.cli"));
            java(options, command.toArray(String[]::new));
            for (var line : Files.readAllLines(list)) {
                // Not those of backends, whose jars Java does not archive. Lambdas of picocli's
                // types would exclude these types, since the dump links them and they are in
                // Java 5's format.
                if (!line.startsWith("#")
                        && !line.contains("source:")
                        && !(line.startsWith("@lambda-proxy") && line.contains("picocli"))) {
                    classes.add(line);
                }
            }
        }
        return classes;
    }

    /** Writes an array whose products are several tiles. */
    private Path rows() throws IOException {
        int size = 600;
        var text =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %<d), }\n".formatted(size);
        var bytes =
                ByteBuffer.allocate(10 + text.length() + Float.BYTES * size * size)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
        var random = new Random(0);
        while (bytes.hasRemaining()) {
            bytes.putFloat(random.nextFloat());
        }
        return Files.write(scratch.resolve("rows.npy"), bytes.array());
    }

    /**
     * Dumps until some archives differ in addresses alone, since the threads of Java that come
     * first may change the place of classes.
     */
    private byte[] dump(Path list) throws IOException, InterruptedException {
        var archive = scratch.resolve("classes.jsa");
        var kinds = new ArrayList<List<byte[]>>();
        for (int i = 0; i < ATTEMPTS; i++) {
            Files.deleteIfExists(archive);
            java(
                    List.of(
                            "-Xshare:dump",
                            "-Xint",
                            "-XX:SharedClassListFile=" + list,
                            "-XX:SharedArchiveFile=" + archive));
            var dumped = Files.readAllBytes(archive);
            var kind =
                    kinds.stream()
                            .filter(same -> differences(same.get(0), dumped) <= MOST_ADDRESSES)
                            .findFirst()
                            .orElseGet(
                                    () -> {
                                        kinds.add(new ArrayList<>());
                                        return kinds.get(kinds.size() - 1);
                                    });
            kind.add(dumped);
            if (onOneProcessor().isEmpty()) { // the bytes may differ between two builds
                return dumped;
            }
            if (kind.size() == ALIKE) {
                return withoutAddresses(kind);
            }
        }
        throw new IllegalStateException("The archives of classes differ in more than addresses.");
    }

    /** Returns the number of words that differ. */
    private static int differences(byte[] one, byte[] other) {
        if (one.length != other.length) {
            return Integer.MAX_VALUE;
        }
        int count = 0;
        for (int at = 0; at + Long.BYTES <= one.length; at += Long.BYTES) {
            if (!Arrays.equals(one, at, at + Long.BYTES, other, at, at + Long.BYTES)) {
                count++;
            }
        }
        return count;
    }

    private static byte[] withoutAddresses(List<byte[]> alike) {
        var first = ByteBuffer.wrap(alike.get(0).clone());
        for (var other : alike.subList(1, alike.size())) {
            for (int at = 0; at + Long.BYTES <= other.length; at += Long.BYTES) {
                if (ByteBuffer.wrap(alike.get(0)).getLong(at)
                        != ByteBuffer.wrap(other).getLong(at)) {
                    if (at == 0) { // the kind of file, and a sum that Java does not check
                        first.putInt(Integer.BYTES, 0);
                    } else {
                        first.putLong(at, 0);
                    }
                }
            }
        }
        return first.array();
    }

    /**
     * Returns what runs a command on one processor without preference for new threads, where the
     * system has that: which of Java's threads comes first is then mostly the same.
     */
    private static List<String> onOneProcessor() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status) || !Files.isExecutable(TASKSET) || !Files.isExecutable(CHRT)) {
            return List.of();
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.replaceAll("[^0-9]*([0-9]+).*", "$1"))
                    .findFirst()
                    .map(
                            processor ->
                                    List.of(
                                            TASKSET.toString(),
                                            "-c",
                                            processor,
                                            CHRT.toString(),
                                            "-b",
                                            "0"))
                    .orElse(List.of());
        }
    }

    private void java(List<String> options, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(onOneProcessor());
        command.add(image.resolve("runtime/bin/java").toString());
        command.addAll(options);
        command.addAll(OPTIONS);
        command.addAll(List.of(arguments));
        var log = scratch.resolve("java.log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STIR_CACHE", scratch.resolve("cache").toString());
        builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("STIR_(PLUGINS|DEBUG)|J(AVA|DK_JAVA)_.*OPTIONS"));
        int code = builder.redirectOutput(log.toFile()).start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(
                    "%s ends with %d: %s".formatted(command, code, Files.readString(log)));
        }
    }
}
