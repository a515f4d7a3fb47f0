package stir.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import stir.api.UsageException;
import stir.report.Vocabulary;

/** The tokens that name the positions of embedded sequences. */
public final class VocabularyOptions {
    @Option(
            names = "--vocabulary",
            paramLabel = "FILE.npy",
            description =
                    "Embeddings, one row per token. Shows the nearest token at each position of"
                            + " inputs and invariant inputs, and how many positions changed. Inputs and embeddings have the same last dimension.")
    Optional<Path> vocabulary = Optional.empty();

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Tokens of --vocabulary, one per line in its order (default: their numbers).")
    Optional<Path> tokens = Optional.empty();

    /**
     * Reads the vocabulary; empty if there is none.
     *
     * @throws stir.api.StirException as {@link Vocabulary#read}
     */
    public Optional<Vocabulary> read() {
        if (vocabulary.isEmpty() && tokens.isPresent()) {
            throw new UsageException("--tokens needs --vocabulary, whose rows it names.");
        }
        return vocabulary.map(file -> Vocabulary.read(file, tokens));
    }
}
