package stir.core.io.arrays;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipFile;
import stir.api.DataException;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.files.ExistingPath;

/**
 * The reader of names, one per row of an array: the lines of a text file, or an array of texts or
 * integers in an {@code .npz} archive.
 *
 * @since 0.1.0
 */
public final class NamesFile {
    /** The maximum number of bytes of names: a million long ones. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int BYTES_OF_A_CHARACTER = 4;

    private NamesFile() {}

    /**
     * Reads the lines of a text file in UTF-8; empty ones at its end do not count.
     *
     * @param most the number of names that are expected
     * @throws UsageException if the file is missing
     * @throws DataException if it is too large, has more names, or is not a text
     */
    public static List<String> lines(Path file, int most) {
        ExistingPath.checkFileOrFolder(file);
        try (var reader = Files.newBufferedReader(file)) {
            if (Files.size(file) > MOST_BYTES) {
                throw tooLarge(file.toString());
            }
            var names = new ArrayList<String>();
            int empty = 0; // lines that count only if a name follows
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    empty++;
                    continue;
                }
                check(names.size() + empty + 1, most, file.toString());
                names.addAll(Collections.nCopies(empty, ""));
                empty = 0;
                names.add(line);
            }
            return names;
        } catch (IOException e) {
            throw new DataException("%s could not be read as text (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /**
     * Reads an array of texts or integers; empty if the archive does not have it.
     *
     * @param file an {@code .npz} archive
     * @param array the array's name
     * @param most the number of names that are expected
     * @throws DataException if the array has more names, more than one dimension or another type,
     *     or can't be read
     */
    public static Optional<List<String>> array(Path file, String array, int most) {
        var source = file + ":" + array;
        try (var zip = new ZipFile(file.toFile())) {
            var entry = zip.getEntry(array + ".npy");
            if (entry == null) {
                return Optional.empty();
            }
            try (var in = new DataInputStream(new BufferedInputStream(zip.getInputStream(entry)))) {
                var header = NpyHeader.readAny(in, source);
                if (header.shape().size() != 1) {
                    throw new DataException(source + " is not a list of names: it needs one dimension.");
                }
                check(header.shape().get(0), most, source);
                if (header.type().matches("[US]\\d{1,6}")) {
                    return Optional.of(texts(in, header, source));
                }
            }
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s): check that the file is whole.".formatted(file, IoReason.of(e)), e);
        }
        try (var numbers = NpyReader.open(file, array)) {
            return Optional.of(Arrays.stream(numbers.values())
                    .mapToObj(value -> whole(value, source))
                    .toList());
        }
    }

    private static String whole(double value, String source) {
        if (value != Math.rint(value)) {
            throw new DataException(source + " contains fractions, which cannot be names.");
        }
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static List<String> texts(DataInputStream in, NpyHeader header, String source) throws IOException {
        boolean wide = header.type().startsWith("U");
        int width = Integer.parseInt(header.type().substring(1)) * (wide ? BYTES_OF_A_CHARACTER : 1);
        int count = header.shape().get(0);
        if (width == 0) {
            throw new DataException(source + " contains empty names.");
        }
        if ((long) width * count > MOST_BYTES) {
            throw tooLarge(source);
        }
        var charset = wide
                ? Charset.forName(header.order() == ByteOrder.BIG_ENDIAN ? "UTF-32BE" : "UTF-32LE")
                : StandardCharsets.UTF_8;
        var names = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var bytes = in.readNBytes(width);
            if (bytes.length < width) {
                throw new DataException(
                        "%s is truncated: %d names are announced, but %d are there.".formatted(source, count, i));
            }
            names.add(withoutPadding(new String(bytes, charset)));
        }
        return names;
    }

    private static String withoutPadding(String name) {
        int length = name.length();
        while (length > 0 && name.charAt(length - 1) == 0) {
            length--;
        }
        return name.substring(0, length);
    }

    private static void check(int count, int most, String source) {
        if (count > most) {
            throw new DataException("%s has more than %d names: save one name per row.".formatted(source, most));
        }
    }

    private static DataException tooLarge(String source) {
        return new DataException(
                "%s has more than %d MB of names: use shorter names.".formatted(source, MOST_BYTES >> 20));
    }
}
