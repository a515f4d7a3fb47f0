package stir.cli.console;

import java.nio.file.Path;
import java.util.Optional;

/** A command that continues where it stopped when it is run again. */
public interface Resumable {
    /** Returns the folder that keeps the results so far; empty if nothing is kept. */
    Optional<Path> kept();
}
