package stir.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import stir.api.support.NearestNames;
import stir.core.inversion.SearchOption;

/** The sections in which help and manual pages list options. */
public enum OptionSection {
    EVERYDAY(
            "Everyday options",
            "inputs limit size layer normalise measure optimizer device out format details dry-run"),
    INPUTS(
            "Inputs",
            "inputs limit size resize crop interpolation array channel range fixed shape vocabulary" + " tokens"),
    NETWORKS(
            "Networks",
            "layer layer-weights reference reference-layer reference-weights normalise mean std"
                    + " layout backend setting input search-input head-a head-b"),
    SEARCH("Search", "spread"),
    OBJECTIVE("Other objectives (optimiser published)", ""),
    STEPS("Other steps, constraints and candidates", ""),
    SCORES("Scores", "protocol measure reduce repeats curve memory"),
    OUTPUT("Output", ""),
    MACHINE("Machine", "device threads batch-size cpu-isa timeout"),
    MANY_MACHINES("Many machines", "stage shard finish slurm kubernetes allow-mixed-machines home"),
    GENERAL("General", "help version quiet verbose debug plugins color");

    private final String heading;
    private final String words;

    OptionSection(String heading, String words) {
        this.heading = heading;
        this.words = words;
    }

    /** Returns the heading. */
    public String heading() {
        return heading;
    }

    /**
     * Returns the visible options of a command by section. An option for one of two networks, such
     * as {@code --layer-a}, is left out: it belongs to the option for both.
     *
     * @param everydayFirst whether everyday options form a section of their own
     */
    public static Map<OptionSection, List<OptionSpec>> of(CommandSpec command, boolean everydayFirst) {
        var sections = new EnumMap<OptionSection, List<OptionSpec>>(OptionSection.class);
        for (var option : command.options()) {
            if (isShown(option, command)) {
                var section = of(word(option), everydayFirst);
                sections.computeIfAbsent(section, key -> new ArrayList<>()).add(option);
            }
        }
        sections.forEach(
                (section, options) -> options.sort(Comparator.comparingInt(option -> section.place(word(option)))));
        return sections;
    }

    /**
     * Returns the number of options that {@link #of} returns, without the general ones. It sets up
     * no search options, which would take a tenth of the time of a short command.
     */
    public static long count(CommandSpec command) {
        return command.options().stream()
                .filter(option -> isShown(option, command))
                .filter(option -> !GENERAL.names().contains(word(option)))
                .count();
    }

    private static boolean isShown(OptionSpec option, CommandSpec command) {
        return !option.hidden() && !ofOneNetwork(option, command);
    }

    /** Returns the place of an option in the section; those that are not named come last. */
    private int place(String word) {
        int place = names().indexOf(word);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    private static OptionSection of(String word, boolean everydayFirst) {
        if (everydayFirst && EVERYDAY.names().contains(word)) {
            return EVERYDAY;
        }
        return SearchOption.named(word)
                .map(option -> valueOf(option.group().name()))
                .or(() -> Arrays.stream(values())
                        .filter(section -> section != EVERYDAY)
                        .filter(section -> section.names().contains(word))
                        .findFirst())
                .orElse(OUTPUT);
    }

    private List<String> names() {
        return List.of(words.split(" ", -1));
    }

    private static boolean ofOneNetwork(OptionSpec option, CommandSpec command) {
        var name = option.longestName();
        var both = NetworkOptions.withoutSuffix(name);
        return !both.equals(name) && command.optionsMap().containsKey(both);
    }

    /** Returns the option's name without hyphens in front. */
    private static String word(OptionSpec option) {
        return option.longestName().replaceFirst("^--", "");
    }

    /** Returns the names of an option in one spelling, as the help shows them. */
    public static List<String> shownNames(OptionSpec option) {
        Set<String> shown = new LinkedHashSet<>();
        for (var name : option.names()) {
            if (NearestNames.spelt(name, shown).isEmpty()) {
                shown.add(name);
            }
        }
        return List.copyOf(shown);
    }
}
