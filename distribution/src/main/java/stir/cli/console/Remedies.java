package stir.cli.console;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import stir.api.Refusal;
import stir.api.Remedy;
import stir.api.support.Platform;

/**
 * The options by which remedies are applied on the command line. The sentences of failures describe
 * remedies without naming options; a command adds the options that it has for them.
 *
 * @param options the names of the command's options
 * @param isOfCluster whether {@code stir cluster} has the command, too
 * @param platform the platform of the process
 */
public record Remedies(Set<String> options, boolean isOfCluster, Platform platform) {
    /** The platform for which {@code stir-gpu} installs libraries. */
    private static final Platform WITH_GPU_LIBRARIES = new Platform("linux", "x86_64");

    private static final String MIXED = "--allow-mixed-machines";

    /** Creates the remedies of a command. */
    public static Remedies of(CommandLine command) {
        var spec = command.getCommandSpec();
        return new Remedies(
                spec.optionsMap().keySet(), Set.of("score", "matrix").contains(spec.name()), Platform.current());
    }

    /** Returns a refusal's sentence, followed by the options that help. */
    public String in(Refusal refusal) {
        var sentence = sentence(refusal);
        var names = refusal.remedies().stream().flatMap(this::names).distinct().collect(Collectors.joining(", "));
        return names.isEmpty() ? sentence : "%s (options: %s).".formatted(sentence.replaceFirst("\\.$", ""), names);
    }

    private static String sentence(Refusal refusal) {
        return refusal.remedies().contains(Remedy.NAME_LAYER)
                        || refusal.remedies().contains(Remedy.NAME_REFERENCE_LAYER)
                ? refusal.sentence().replaceFirst("\\.$", "; `stir layers` lists all.")
                : refusal.sentence();
    }

    private Stream<String> names(Remedy remedy) {
        if (remedy == Remedy.ALLOW_MIXED_MACHINES && !has(MIXED) && isOfCluster) {
            return Stream.of(MIXED + " of `stir cluster`");
        }
        return switch (remedy) {
            case RAISE_JAVA_MEMORY -> Stream.of("STIR_JAVA_OPTS=-Xmx8g");
            case INSTALL_GPU_LIBRARIES ->
                platform.equals(WITH_GPU_LIBRARIES) ? Stream.of("`stir-gpu install`") : Stream.empty();
            default -> optionsFor(remedy).stream().filter(this::has);
        };
    }

    private boolean has(String option) {
        return options.contains(option.split(" ", 2)[0]);
    }

    private static List<String> optionsFor(Remedy remedy) {
        return switch (remedy) {
            case CHOOSE_ANOTHER_FOLDER -> List.of("--out");
            case REPLACE_RESULTS -> List.of("--force");
            case PIN_INSTRUCTION_SET -> List.of("--cpu-isa");
            case ALLOW_MIXED_MACHINES -> List.of(MIXED);
            case NAME_LAYER -> List.of("--layer", "--layer-a", "--layer-b");
            case NAME_REFERENCE_LAYER -> List.of("--reference-layer");
            case NAME_BACKEND -> List.of("--backend", "--backend-a", "--backend-b");
            case LOWER_MEMORY_LIMIT -> List.of("--memory");
            case RAISE_JAVA_MEMORY, INSTALL_GPU_LIBRARIES -> List.of();
            case COMPUTE_ON_CPU -> List.of("--device");
            case GIVE_SHAPE -> List.of("--shape");
            case ESTIMATE_GRADIENT -> List.of("--optimizer published", "--estimate-gradients");
            case UNIFY_IMAGE_SIZE -> List.of("--size");
            case RESIZE_IMAGES -> List.of("--resize");
            case NAME_ARRAY -> List.of("--array");
            case NAME_CHANNEL -> List.of("--channel");
            case ALLOW_INCONSISTENT -> List.of("--allow-inconsistent");
            case NAME_NORMALISATION -> List.of("--normalise", "--normalise-a", "--normalise-b");
            case NAME_RANGE -> List.of("--range");
            case GIVE_FIXED -> List.of("--fixed");
            case GIVE_INPUT -> List.of("--input", "--input-a", "--input-b");
            case GIVE_SECOND_INPUT -> List.of("--second-input");
            case NAME_SECOND_SEARCHED_INPUT -> List.of("--second-search-input");
            case NAME_SEARCHED_INPUT -> List.of("--search-input", "--search-input-a", "--search-input-b");
        };
    }
}
