package stir.core.inversion.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.RangeChoice;
import stir.core.inversion.NearestNeighbour;

/**
 * The candidates of a {@link NearestNeighbour}, of the inputs' shape and range.
 *
 * @param inputs the candidates; the inputs themselves if no others are named
 * @param isSameSet whether they are the inputs, of which none is its own candidate
 */
public record NearestCandidates(Inputs inputs, boolean isSameSet) {
    /**
     * Opens the candidates of the given inputs, prepared as these are.
     *
     * @throws UsageException if the candidates do not exist, or are too few
     * @throws DataException if they can't be read, or their shape is another one
     */
    public static NearestCandidates of(NearestNeighbour method, Inputs given) {
        var candidates = method.candidates().map(path -> open(path, given)).orElse(given);
        boolean isSameSet = !method.paired()
                && (candidates == given
                        || isSame(candidates.facts().source(), given.facts().source()));
        if (!candidates.shape().equals(given.shape())) {
            var noun = method.paired() ? "pairs" : "candidates";
            throw new DataException("The %s in %s are %s, but the inputs are %s: use %s of the same shape."
                    .formatted(noun, candidates.facts().source(), candidates.shape(), given.shape(), noun));
        }
        if (method.paired() && candidates.count() < given.count()) {
            throw new DataException(
                    "%s has %d inputs, but there are %d inputs to pair them with: provide one of the same shape for each input."
                            .formatted(candidates.facts().source(), candidates.count(), given.count()));
        }
        if (method.paired() && candidates.facts().lengths().arePresent()) {
            checkLengths(candidates, given);
        }
        if (isSameSet && candidates.count() < 2) {
            throw new UsageException(
                    "The optimiser candidates needs at least 2 inputs, because an input is never its own candidate: use more inputs, or other candidates.");
        }
        return new NearestCandidates(candidates, isSameSet);
    }

    /** Checks that padded sequences are paired with sequences of their own length. */
    private static void checkLengths(Inputs pairs, Inputs given) {
        var lengths = given.facts().lengths();
        var lengthsOfPairs = pairs.facts().lengths();
        for (int i = 0; i < given.count(); i++) {
            int length = lengths.arePresent() ? lengths.of(i) : lengthsOfPairs.positions();
            int ofPair = lengthsOfPairs.of(i);
            if (ofPair != length) {
                throw new DataException(
                        "Input %d (counting from 0) has %d positions, but its pair in %s has %d: pairs are compared position by position, so give them the lengths of the inputs."
                                .formatted(i, length, pairs.facts().source(), ofPair));
            }
        }
    }

    /** Opens a file or folder as the inputs were; an array of their shape is ready as it is. */
    private static Inputs open(Path path, Inputs given) {
        var spec = InputsSpec.of(path).withChannelOf(given);
        var facts = given.facts();
        if (!facts.range().isUnit()) { // the range [0,1] is checked without it
            spec = spec.withRange(new RangeChoice.Given(facts.range()));
        }
        if (!facts.framing().changes()) {
            return spec.open();
        }
        if (!Files.isDirectory(path)) {
            var whole = spec.open();
            if (whole.shape().equals(given.shape()) || whole.shape().rank() != 3) {
                return whole;
            }
        }
        return spec.withResizeAndCrop(facts.framing()).open();
    }

    private static boolean isSame(String one, String other) {
        try {
            return one.equals(other)
                    || (Files.exists(Path.of(one))
                            && Files.exists(Path.of(other))
                            && Files.isSameFile(Path.of(one), Path.of(other)));
        } catch (IOException e) {
            return false;
        }
    }
}
