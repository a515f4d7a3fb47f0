package stir.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The texts in a class's code, which its file holds as constants (JVM specification, 4.4). */
final class ConstantTexts {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int STRING = 8;

    private ConstantTexts() {}

    /** All texts of a class, without those of classes within it. */
    static Collection<String> of(JavaClass type) {
        var source = type.getSource().orElseThrow().getUri();
        try (var in = new DataInputStream(source.toURL().openStream())) {
            return texts(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Collection<String> texts(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("This is no class file");
        }
        in.readInt(); // its version
        int count = in.readUnsignedShort();
        Map<Integer, String> utf8 = new HashMap<>();
        Set<Integer> strings = new HashSet<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8 -> utf8.put(i, in.readUTF());
                case STRING -> strings.add(in.readUnsignedShort());
                case LONG, DOUBLE -> {
                    in.readLong();
                    i++; // takes two places
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 7, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("Unknown constant " + tag);
            }
        }
        var texts = new TreeSet<String>();
        strings.forEach(index -> texts.add(utf8.getOrDefault(index, "")));
        return texts;
    }
}
