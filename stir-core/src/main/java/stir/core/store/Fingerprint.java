package stir.core.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.io.files.Sha256;

/**
 * The hash of inputs: of their shape, their range if it is not [0,1], all their values, the
 * elements that a search leaves as they are, the lengths of padded sequences, and the channel of
 * sounds after the first, independent of their source.
 *
 * @since 0.1.0
 */
public final class Fingerprint {
    private Fingerprint() {}

    /** Returns the SHA-256 of the shape and the values (float32, little-endian) in hexadecimal. */
    public static String of(Inputs inputs) {
        var digest = Sha256.digest();
        digest.update(inputs.shape().toString().getBytes(StandardCharsets.UTF_8));
        var facts = inputs.facts();
        facts.range().stored().ifPresent(range -> digest.update(range.getBytes(StandardCharsets.UTF_8)));
        int positions = facts.lengths().positions();
        if (positions > 0) {
            digest.update(bytes(positions));
        }
        int channel = facts.sound().map(sound -> sound.channel().orElse(1)).orElse(1);
        if (channel > 1) { // which is also that of seeds and pairs
            digest.update(bytes(channel));
        }
        var row = Batch.allocate(1, inputs.shape());
        var bytes = ByteBuffer.allocate(Float.BYTES * row.rowSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < inputs.count(); i++) {
            inputs.read(i, row, 0);
            bytes.asFloatBuffer().put(row.buffer());
            digest.update(bytes.array());
            var fixed = facts.fixed(i);
            if (!fixed.isEmpty()) {
                digest.update(fixed.toByteArray());
            }
            if (positions > 0) {
                digest.update(bytes(facts.lengths().of(i)));
            }
        }
        return Sha256.hex(digest);
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }
}
