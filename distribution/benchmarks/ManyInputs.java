import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code stir invert} and {@code stir score} on few and on many digits with the same small heap, and prints the
 * time and the process's most memory (VmHWM). The digits are the bundled ones, again and again, each time with other
 * noise.
 *
 * <pre>java distribution/benchmarks/ManyInputs.java IMAGE [HEAP] [COUNT...]</pre>
 */
public final class ManyInputs {
    private static final int HEADER = 16;
    private static final int PIXELS = 28 * 28;
    private static final int NOISE = 16;

    private ManyInputs() {}

    public static void main(String[] arguments) throws Exception {
        var image = Path.of(arguments[0]);
        var heap = arguments.length > 1 ? arguments[1] : "96m";
        int[] counts = {1000, 100_000};
        if (arguments.length > 2) {
            counts = List.of(arguments).subList(2, arguments.length).stream().mapToInt(Integer::parseInt).toArray();
        }
        System.out.println("| command | digits | heap | time, s | most memory of the process, MB |");
        System.out.println("|---|---|---|---|---|");
        for (var command : List.of("invert", "score")) {
            for (int count : counts) {
                var work = Files.createTempDirectory("many-inputs");
                try {
                    run(command, image, heap, count, work);
                } finally {
                    delete(work);
                }
            }
        }
    }

    private static void run(String command, Path image, String heap, int count, Path work) throws Exception {
        var digits = work.resolve("digits-idx3-ubyte");
        write(image.resolve("demo/mnist500-images-idx3-ubyte"), count, digits);
        var line = new ArrayList<>(List.of(image.resolve("bin/stir").toString(), command));
        line.add(image.resolve("demo/vgg0.script.pt").toString());
        if (command.equals("score")) {
            line.add(image.resolve("demo/vgg1.script.pt").toString());
        }
        line.addAll(List.of("--inputs", digits.toString(), "--optimizer", "reference", "--iterations", "1", "--out", work.resolve("out").toString()));
        var builder = new ProcessBuilder(line).redirectOutput(work.resolve("text").toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("STIR_JAVA_OPTS", "-Xmx" + heap);
        long begun = System.nanoTime();
        var process = builder.start();
        long most = 0;
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            for (var java : process.children().toList()) {
                most = Math.max(most, mostMemory(java.pid()));
            }
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " of " + count + " digits ended with " + process.exitValue());
        }
        System.out.printf("| %s | %d | %s | %.0f | %d |%n", command, count, heap, (System.nanoTime() - begun) / 1e9, most / 1024);
    }

    /** In kB; 0 if the process has ended. */
    private static long mostMemory(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    /** An IDX file of many digits. */
    private static void write(Path bundled, int count, Path file) throws IOException {
        var source = Files.readAllBytes(bundled);
        int there = (source.length - HEADER) / PIXELS;
        var random = new Random(1);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(HEADER).put(source, 0, 4).putInt(count).put(source, 8, 8).array());
            var digit = new byte[PIXELS];
            for (int i = 0; i < count; i++) {
                for (int pixel = 0; pixel < PIXELS; pixel++) {
                    int value = Byte.toUnsignedInt(source[HEADER + i % there * PIXELS + pixel]);
                    digit[pixel] = (byte) Math.min(255, value + random.nextInt(NOISE));
                }
                out.write(digit);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
