package stir.core.inputs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import stir.api.testing.Mutants;

/** A broken copy of a file of inputs, whose checksums fit. */
final class InputMutant {
    /** The structure that a mutant keeps. */
    enum Kind {
        BYTES,
        TEXT,
        NUMBERS,
        ARCHIVE,
        IMAGE
    }

    private static final int SIGNATURE = 8;
    private static final int LARGEST_HEADER = 128;

    /** A word, number or sign of a header in Python's notation, or of YAML. */
    private static final Pattern TOKEN = Pattern.compile("[\\w.<>|/-]+|[\\[\\]{}(),:'|]");

    private static final List<String> STRANGE = List.of(
            "-1",
            "0",
            "1e999",
            ".nan",
            ".inf",
            "9223372036854775807",
            "2147483648",
            "''",
            "null",
            "~",
            "[]",
            "{}",
            "[[]]",
            "()",
            "(,)",
            "*a",
            "&a",
            "!!java.io.File x",
            "!!binary aGk=",
            "<<",
            "? x",
            "- -",
            "\t",
            "'\\0'",
            "\"\\0\"",
            "\"\\e[31m\"",
            "../../../etc/passwd",
            "/dev/zero",
            "|u1",
            "<f8",
            ">f4",
            "<c16",
            "|O",
            "|S0",
            "<U9",
            "<M8[ns]",
            "True",
            "1_000",
            "0x7fffffff",
            "\u202e",
            "\ud83d\ude00",
            "---",
            "%YAML 9",
            "99999999999999999999",
            "- &b [*b]");

    private InputMutant() {}

    /** Returns the mutant of a seed, the same on every machine. */
    static byte[] of(byte[] original, Kind kind, long seed) {
        var random = new Random(seed);
        random.nextInt(); // neighbouring seeds have similar first numbers
        return switch (kind) {
            case BYTES -> Mutants.blind(original, random);
            case TEXT -> text(original, random);
            case NUMBERS -> numbers(original, random);
            case ARCHIVE -> archive(inner(original, random));
            case IMAGE -> image(original, random);
        };
    }

    /** Returns an archive with one array. */
    static byte[] archive(byte[] npy) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] inner(byte[] archive, Random random) {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            zip.getNextEntry();
            var npy = zip.readAllBytes();
            return random.nextBoolean() ? text(npy, random) : Mutants.blind(npy, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exchanges one to three tokens; a header of an array retains its length. */
    private static byte[] text(byte[] original, Random random) {
        boolean isArray = original[0] == (byte) 0x93;
        int from = isArray ? 10 : 0;
        int to = isArray ? LARGEST_HEADER : original.length;
        var text = new String(original, from, to - from, StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i >= 0; i--) {
            var tokens = TOKEN.matcher(text).results().toList();
            var token = tokens.get(random.nextInt(tokens.size()));
            var other = random.nextBoolean()
                    ? STRANGE.get(random.nextInt(STRANGE.size()))
                    : tokens.get(random.nextInt(tokens.size())).group();
            text = text.substring(0, token.start()) + other + text.substring(token.end());
        }
        var changed = text.getBytes(StandardCharsets.UTF_8);
        if (!isArray) {
            return changed;
        }
        var header = Arrays.copyOf(changed, to - from);
        for (int i = changed.length; i < header.length; i++) {
            header[i] = ' ';
        }
        var copy = original.clone();
        System.arraycopy(header, 0, copy, from, header.length);
        return copy;
    }

    /** Replaces one of the numbers of four bytes at the beginning. */
    private static byte[] numbers(byte[] original, Random random) {
        var copy = original.clone();
        var number = (int) Mutants.extreme(random);
        ByteBuffer.wrap(copy).putInt(4 * random.nextInt(4), number);
        return copy;
    }

    /** Changes, removes or repeats a chunk of a PNG image, or adds one, with the right checksum. */
    private static byte[] image(byte[] png, Random random) {
        var out = new ByteArrayOutputStream();
        out.write(png, 0, SIGNATURE);
        var in = ByteBuffer.wrap(png, SIGNATURE, png.length - SIGNATURE);
        int chosen = random.nextInt(3);
        for (int number = 0; in.hasRemaining(); number++) {
            var data = new byte[in.getInt()];
            var type = new byte[4];
            in.get(type).get(data);
            in.getInt();
            int kind = number == chosen ? random.nextInt(5) : -1;
            switch (kind) {
                case 0 -> chunk(out, type, Mutants.blind(data, random));
                case 1 -> {} // left out
                case 2 -> {
                    chunk(out, type, data);
                    chunk(out, type, data);
                }
                case 3 -> {
                    var types = List.of("PLTE", "tRNS", "iCCP", "zTXt", "acTL", "gAMA", "IDAT", "IEND");
                    var other = types.get(random.nextInt(types.size()));
                    chunk(out, other.getBytes(StandardCharsets.US_ASCII), data);
                    chunk(out, type, data);
                }
                case 4 -> {
                    if (data.length >= 8) {
                        var wide = ByteBuffer.wrap(data);
                        wide.putInt(4 * random.nextInt(2), (int) Mutants.extreme(random));
                    }
                    chunk(out, type, data);
                }
                default -> chunk(out, type, data);
            }
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, byte[] type, byte[] data) {
        var checksum = new CRC32();
        checksum.update(type);
        checksum.update(data);
        var chunk = ByteBuffer.allocate(12 + data.length);
        chunk.putInt(data.length).put(type).put(data).putInt((int) checksum.getValue());
        out.writeBytes(chunk.array());
    }
}
