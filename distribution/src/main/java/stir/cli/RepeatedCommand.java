package stir.cli;

import picocli.CommandLine;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words by which a command is repeated, as a shell takes them. */
final class RepeatedCommand {
    /** What changes nothing of the results, or would throw them away. */
    private static final Set<String> LEFT_OUT =
            Set.of("-q", "--quiet", "-v", "--verbose", "--debug", "--force");

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]+");

    private RepeatedCommand() {}

    /** The line that repeats a command that was parsed. */
    static String of(CommandLine command) {
        List<String> words =
                command.getCommandSpec().root().commandLine().getParseResult().originalArgs();
        return Stream.concat(
                        Stream.of(command.getCommandSpec().root().name()),
                        words.stream().filter(word -> !LEFT_OUT.contains(word)))
                .map(RepeatedCommand::quoted)
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
