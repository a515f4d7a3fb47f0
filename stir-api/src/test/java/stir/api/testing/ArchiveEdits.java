package stir.api.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Edits of an archive written by {@code torch.jit.save}, its records, pickles and source, or by
 * {@code torch.export.save}, its records and JSON.
 */
final class ArchiveEdits {
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int STORED = 0;
    private static final int ABSURDLY_DEEP = 20_000;
    private static final int MOST_EXCHANGES = 3;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    /** A value of a JSON document that contains no other, but not a member's name. */
    private static final Pattern VALUE =
            Pattern.compile("(\"[^\"\\\\]*\"|-?\\d+|null|true|false|\\{}|\\[])(?!\\s*:|\\d)");

    private static final Pattern CALL = Pattern.compile("\\((\\w+)\\)\\.forward\\(");

    private final Map<String, byte[]> records;

    ArchiveEdits(byte[] archive) {
        records = read(archive);
    }

    /** Returns a copy with one edit of one record. */
    byte[] apply(Random random) {
        switch (random.nextInt(6)) {
            case 0 -> editRecords(random);
            case 1 -> edit(name -> name.matches(".*/(data|constants)/\\d+"), this::values, random);
            case 2, 3 -> edit(name -> name.matches(".*/data\\.pkl"), this::pickle, random);
            case 4 -> edit(name -> name.matches(".*\\.pkl"), this::pickle, random);
            default -> edit(name -> name.matches(".*/code/.*\\.py"), this::source, random);
        }
        return write();
    }

    /** Returns a copy of a program with one edit of one record. */
    byte[] applyToProgram(Random random) {
        switch (random.nextInt(6)) {
            case 0 -> editRecords(random);
            case 1 -> edit(name -> !name.endsWith(".json"), this::values, random);
            default -> edit(name -> name.endsWith(".json"), this::json, random);
        }
        return write();
    }

    /** Returns a copy with one to three words of its code or JSON exchanged. */
    byte[] exchange(List<String> words, Random random) {
        var known = Pattern.compile(
                words.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?<!\\w)(", ")(?!\\w)")));
        for (int i = random.nextInt(MOST_EXCHANGES); i >= 0; i--) {
            edit(
                    name -> name.matches(".*/code/.*\\.py|.*\\.json"),
                    (bytes, any) -> exchanged(bytes, known, words, any),
                    random);
        }
        return write();
    }

    private static byte[] exchanged(byte[] bytes, Pattern known, List<String> words, Random random) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        var places = known.matcher(text).results().toList();
        if (places.isEmpty()) {
            return bytes;
        }
        var place = Mutants.any(places, random);
        var word = Mutants.anyLike(place.group(), words, random);
        var changed = text.substring(0, place.start()) + word + text.substring(place.end());
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    /** Replaces a value of a document by another of its values, or by an unusual one. */
    private byte[] json(byte[] bytes, Random random) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        var values = VALUE.matcher(text).results().toList();
        if (values.isEmpty()) {
            return Mutants.blind(bytes, random);
        }
        var value = Mutants.any(values, random);
        var replacement = switch (random.nextInt(12)) {
            case 0 -> Long.toString(Mutants.extreme(random));
            case 1 -> "null";
            case 2 -> "[]";
            case 3 -> "{}";
            case 4 -> "[".repeat(ABSURDLY_DEEP) + "]".repeat(ABSURDLY_DEEP);
            default -> Mutants.any(values, random).group();
        };
        var changed = text.substring(0, value.start()) + replacement + text.substring(value.end());
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    private void edit(Predicate<String> which, Mutants.Edit edit, Random random) {
        var names = records.keySet().stream().filter(which).toList();
        if (!names.isEmpty()) {
            var name = Mutants.any(names, random);
            records.computeIfPresent(name, (key, bytes) -> edit.apply(bytes, random));
        }
    }

    private void editRecords(Random random) {
        var names = List.copyOf(records.keySet());
        var name = Mutants.any(names, random);
        var other = Mutants.any(names, random);
        var bytes = records.getOrDefault(name, new byte[0]);
        switch (random.nextInt(4)) {
            case 0 -> records.remove(name);
            case 1 -> {
                records.remove(name);
                records.put(name + random.nextInt(10), bytes);
            }
            case 2 -> records.put(other, bytes);
            default -> records.put(name.replaceFirst("[^/]+/", "other/"), bytes);
        }
    }

    private byte[] values(byte[] bytes, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(bytes, bytes.length / 2);
            case 2 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            default -> Mutants.blind(bytes, random);
        };
    }

    private byte[] pickle(byte[] bytes, Random random) {
        var pieces = pieces(bytes);
        if (pieces.size() < 3) {
            return Mutants.blind(bytes, random);
        }
        int place = 1 + random.nextInt(pieces.size() - 2);
        switch (random.nextInt(9)) {
            case 0 -> pieces.remove(place);
            case 1 -> pieces.add(place, pieces.get(1 + random.nextInt(pieces.size() - 2)));
            case 2 -> Collections.swap(pieces, place, place - 1);
            case 3, 4, 5 -> replaceAny(pieces, "KMJ\u008a", random, number(random));
            case 6 -> replaceAny(pieces, "c", random, any(pieces, "c", random));
            case 7 -> replaceAny(pieces, "X", random, any(pieces, "X", random));
            default -> {
                if (random.nextInt(4) == 0) {
                    pieces.add(place, repeated((byte) 0x85));
                } else {
                    return Mutants.blind(bytes, random);
                }
            }
        }
        return joined(pieces);
    }

    private static byte[] repeated(byte opcode) {
        var bytes = new byte[ABSURDLY_DEEP];
        Arrays.fill(bytes, opcode);
        return bytes;
    }

    /** Returns an opcode that pushes a number. */
    private static byte[] number(Random random) {
        long number = Mutants.extreme(random);
        var bytes = new byte[10];
        bytes[0] = (byte) 0x8a;
        bytes[1] = 8;
        for (int i = 0; i < 8; i++) {
            bytes[2 + i] = (byte) (number >>> (8 * i));
        }
        return bytes;
    }

    private static boolean isOf(byte[] piece, String opcodes) {
        return opcodes.indexOf(piece[0] & 0xff) >= 0;
    }

    private static byte[] any(List<byte[]> pieces, String opcodes, Random random) {
        var found = pieces.stream().filter(piece -> isOf(piece, opcodes)).toList();
        return found.isEmpty() ? pieces.get(0) : Mutants.any(found, random);
    }

    private static void replaceAny(List<byte[]> pieces, String opcodes, Random random, byte[] replacement) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < pieces.size(); i++) {
            if (isOf(pieces.get(i), opcodes)) {
                places.add(i);
            }
        }
        if (!places.isEmpty()) {
            pieces.set(Mutants.any(places, random), replacement);
        }
    }

    /** Splits a pickle into opcodes with their arguments, for the opcodes that PyTorch uses. */
    private static List<byte[]> pieces(byte[] pickle) {
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        while (from < pickle.length) {
            int length = switch (pickle[from] & 0xff) {
                case 0x80, 'q', 'h', 'K' -> 2;
                case 'M' -> 3;
                case 'J', 'r', 'j' -> 5;
                case 'G' -> 9;
                case 0x8a -> from + 1 < pickle.length ? 2 + pickle[from + 1] : 1;
                case 'X' -> from + 4 < pickle.length ? 5 + little(pickle, from + 1) : 1;
                case 'c' -> line(pickle, line(pickle, from + 1)) - from;
                default -> 1;
            };
            int end = Math.min(pickle.length, from + Math.max(1, length));
            pieces.add(Arrays.copyOfRange(pickle, from, end));
            from = end;
        }
        return pieces;
    }

    private static int line(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end + 1;
    }

    private static byte[] joined(List<byte[]> pieces) {
        var out = new ByteArrayOutputStream();
        pieces.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private byte[] source(byte[] bytes, Random random) {
        var lines = new ArrayList<>(List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1)));
        int place = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        switch (random.nextInt(9)) {
            case 0 -> lines.remove(place);
            case 1 -> lines.add(place, lines.get(other));
            case 2 -> Collections.swap(lines, place, other);
            case 3 -> replace(lines, NUMBER, Long.toString(Mutants.extreme(random)), random);
            case 4, 5 -> replace(lines, WORD, word(lines.get(other)), random);
            case 6 -> replace(lines, CALL, "self.forward(", random);
            case 7 -> replace(lines, WORD, nested(random), random);
            default -> {
                return Mutants.blind(bytes, random);
            }
        }
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static String nested(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> "(".repeat(ABSURDLY_DEEP) + "x" + ")".repeat(ABSURDLY_DEEP);
            case 1 -> "-".repeat(ABSURDLY_DEEP) + "1";
            default -> "x" + ".x".repeat(ABSURDLY_DEEP);
        };
    }

    private static String word(String line) {
        var match = WORD.matcher(line);
        return match.find() ? match.group() : "x";
    }

    /** Replaces the first match of a pattern in a random line that contains one. */
    private static void replace(List<String> lines, Pattern pattern, String replacement, Random random) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).find()) {
                places.add(i);
            }
        }
        if (!places.isEmpty()) {
            int place = Mutants.any(places, random);
            lines.set(place, pattern.matcher(lines.get(place)).replaceFirst(replacement));
        }
    }

    /**
     * Reads a zip by its central directory, because Java's streams reject PyTorch's records and zip
     * file systems need a file.
     */
    private static Map<String, byte[]> read(byte[] zip) {
        var records = new LinkedHashMap<String, byte[]>();
        int at = little(zip, zip.length - 6);
        while (little(zip, at) == CENTRAL_HEADER) {
            int packed = little(zip, at + 20);
            int unpacked = little(zip, at + 24);
            int name = half(zip, at + 28);
            int start = little(zip, at + 42);
            int from = start + 30 + half(zip, start + 26) + half(zip, start + 28);
            var bytes = Arrays.copyOfRange(zip, from, from + packed);
            records.put(
                    new String(zip, at + 46, name, StandardCharsets.UTF_8),
                    half(zip, at + 10) == STORED ? bytes : inflated(bytes, unpacked));
            at += 46 + name + half(zip, at + 30) + half(zip, at + 32);
        }
        return records;
    }

    private static byte[] inflated(byte[] packed, int size) {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            var bytes = new byte[size];
            int done = 0;
            while (done < size && !inflater.finished()) {
                done += inflater.inflate(bytes, done, size - done);
            }
            return bytes;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("The original is damaged", e);
        } finally {
            inflater.end();
        }
    }

    private static int half(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
    }

    private static int little(byte[] bytes, int at) {
        return half(bytes, at) | (half(bytes, at + 2) << 16);
    }

    private byte[] write() {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var record : records.entrySet()) {
                var checksum = new CRC32();
                checksum.update(record.getValue());
                var entry = new ZipEntry(record.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(record.getValue().length);
                entry.setCrc(checksum.getValue());
                entry.setTime(0); // the same bytes at any time
                zip.putNextEntry(entry);
                zip.write(record.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
