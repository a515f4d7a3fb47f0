package stir.cli.console;

import java.nio.file.Path;
import java.util.Optional;

/** A command that goes on where it stopped, when it is run again. */
public interface Resumable {
    /** The folder that keeps what has been found so far; empty if nothing is kept. */
    Optional<Path> kept();
}
