package stir.core.inputs;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The facts about inputs besides their values and names. Inputs that are derived from others keep
 * their facts.
 *
 * @param source the source, such as a file or folder, for messages and reports
 * @param total the number of inputs before they were limited
 * @param framing the transformation of images when they are read
 * @param range the range of the values before they were mapped to [0,1]
 * @param sound the recording; empty if the inputs are not sounds
 * @param labels the class of each input, from 0; empty without a label
 * @param lengths the numbers of positions of padded sequences
 * @param mask the elements of each input that a search leaves as they are, besides padding, which
 *     must not be changed; empty for none
 * @since 0.1.0
 */
public record InputFacts(
        String source,
        int total,
        ResizeAndCrop framing,
        ValueRange range,
        Optional<Sound> sound,
        IntFunction<OptionalInt> labels,
        Lengths lengths,
        Optional<IntFunction<BitSet>> mask) {
    /**
     * The recording of inputs that are sounds.
     *
     * @param rate the number of samples per second
     * @param channel the channel that was chosen, from 1; empty if none was
     */
    public record Sound(int rate, OptionalInt channel) {}

    /**
     * Creates the facts of inputs without labels, padding or masks, whose values lie in [0,1].
     *
     * @param source the source, for messages and reports
     * @param count the number of inputs
     */
    public static InputFacts of(String source, int count) {
        return new InputFacts(
                source,
                count,
                ResizeAndCrop.NONE,
                ValueRange.UNIT,
                Optional.empty(),
                index -> OptionalInt.empty(),
                Lengths.NONE,
                Optional.empty());
    }

    /** Returns a copy with another transformation of images. */
    public InputFacts withFraming(ResizeAndCrop other) {
        return new InputFacts(source, total, other, range, sound, labels, lengths, mask);
    }

    /** Returns a copy with another range. */
    public InputFacts withRange(ValueRange other) {
        return new InputFacts(source, total, framing, other, sound, labels, lengths, mask);
    }

    /** Returns a copy for sounds. */
    public InputFacts withSound(Sound other) {
        return new InputFacts(source, total, framing, range, Optional.of(other), labels, lengths, mask);
    }

    /** Returns a copy with labels, from 0; empty for an input without one. */
    public InputFacts withLabels(IntFunction<OptionalInt> other) {
        return new InputFacts(source, total, framing, range, sound, other, lengths, mask);
    }

    /** Returns a copy for padded sequences. */
    public InputFacts withLengths(Lengths other) {
        return new InputFacts(source, total, framing, range, sound, labels, other, mask);
    }

    /** Returns a copy with elements of each input that a search leaves as they are. */
    public InputFacts withMask(IntFunction<BitSet> other) {
        return new InputFacts(source, total, framing, range, sound, labels, lengths, Optional.of(other));
    }

    /** Returns the class of an input, from 0; empty if it has no label. */
    public OptionalInt label(int index) {
        return labels.apply(index);
    }

    /** Returns whether a search leaves elements of any input as they are. */
    public boolean keepsElements() {
        return lengths.arePresent() || mask.isPresent();
    }

    /**
     * Returns a copy of the set of elements of an input that a search leaves as they are: padding
     * and those of the mask.
     */
    public BitSet fixed(int index) {
        var fixed = lengths.padding(index);
        mask.ifPresent(masked -> fixed.or(masked.apply(index)));
        return fixed;
    }

    /** Describes the steps from a stored input to values in [0,1]; empty if there are none. */
    public String preparation() {
        return Stream.of(framing.toString(), range.isUnit() ? "" : "searched in " + range)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
