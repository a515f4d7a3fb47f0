package stir.cli;

import picocli.CommandLine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a remedy is written on the command line. The sentences of failures say what to do in words
 * that hold for every front end; a command adds the options that it has for it.
 *
 * @param options the names of the command's options
 */
record Remedies(Set<String> options) {
    /** Words of sentences, and the options by which that is done; a command may have some. */
    private static final Map<String, List<String>> WAYS =
            Map.ofEntries(
                    Map.entry("choose another folder", List.of("--out")),
                    Map.entry("replace what is there", List.of("--force")),
                    Map.entry("pin the instruction set", List.of("--cpu-isa")),
                    Map.entry("allow the mix", List.of("--allow-mixed-machines")),
                    Map.entry(
                            "name its backend", List.of("--backend", "--backend-a", "--backend-b")),
                    Map.entry("lower the limit of memory", List.of("--memory")),
                    Map.entry("compute on the CPU", List.of("--device")),
                    Map.entry("give the shape", List.of("--shape")),
                    Map.entry("estimate the gradient", List.of("--estimate-gradients")),
                    Map.entry("bring them to one size", List.of("--size")),
                    Map.entry("resize the images first", List.of("--resize")),
                    Map.entry("name the array that holds the inputs", List.of("--array")),
                    Map.entry(
                            "name the normalisation of the model",
                            List.of("--normalise", "--normalise-a", "--normalise-b")));

    /** The remedies of a command. */
    static Remedies of(CommandLine command) {
        return new Remedies(command.getCommandSpec().optionsMap().keySet());
    }

    /** A sentence with the options that help. */
    String in(String sentence) {
        var told = sentence;
        for (var way : WAYS.entrySet()) {
            var names =
                    way.getValue().stream()
                            .filter(options::contains)
                            .collect(Collectors.joining(" or "));
            if (!names.isEmpty()) {
                told = told.replace(way.getKey(), way.getKey() + " (" + names + ")");
            }
        }
        return told.replace("give Java more", "give Java more (STIR_JAVA_OPTS=-Xmx8g)");
    }
}
