package stir.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import stir.cli.option.NetworkOptions;
import stir.cli.report.OptionList;

/**
 * Scripts for shell completion of commands, options and values.
 *
 * @param values the values of options by name, without the suffix for one of two networks; other
 *     options take files or any text
 */
record CompletionScript(CommandLine root, Map<String, List<String>> values) {
    private static final String LAYERS = "layer";

    /** Returns the script for bash, which zsh runs too. */
    String bash() {
        var values = new StringBuilder();
        var words = new StringBuilder();
        all().forEach((name, command) -> addValues(values, name, command));
        all().forEach((name, command) -> addWords(words, name, command));
        return """
        # Completes stir in bash, and in zsh with its functions for bash. Words from files are data: none is expanded.
        _stir_layers() { # the layers of the model that is named on the line, those with plain names
          local word
          for word in "${COMP_WORDS[@]:2}"; do
            case $word in -*) ;; *) if [ -e "$word" ]; then
              stir layers "$word" --quiet --format csv 2>/dev/null |
                sed -e 1d -e 's/,.*//' | LC_ALL=C grep -E '^[A-Za-z0-9_./:+-]+$'; return; fi ;; esac
          done
        }
        _complete_stir() {
          local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
          local command=${COMP_WORDS[1]} words= word
          [ "$command" = cluster ] && [ "$COMP_CWORD" -gt 2 ] && command=cluster-${COMP_WORDS[2]}
          COMPREPLY=()
          if [ "$COMP_CWORD" = 1 ]; then
            words='%s %s'
          else
            case $command:$before in
        %s    *) case $command in
        %s      esac ;;
            esac
          fi
          case $words in
            -) ;; # a value that can be anything
            @layers) while IFS= read -r word; do
                case $word in "$current"*) COMPREPLY+=("$word") ;; esac
              done < <(_stir_layers) ;;
            '') while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current") ;;
            *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
          esac
          return 0
        }
        complete -o filenames -F _complete_stir stir
        """.formatted(words(commands()), words(options(root)), values, words);
    }

    /** Returns all commands; those of a command have its name before theirs. */
    private Map<String, CommandLine> all() {
        var all = new LinkedHashMap<String, CommandLine>();
        root.getSubcommands().forEach((name, command) -> {
            all.put(name, command);
            command.getSubcommands().forEach((child, of) -> all.put(name + "-" + child, of));
        });
        return all;
    }

    private void addWords(StringBuilder script, String name, CommandLine command) {
        script.append("      %s) case $current in -*) words='%s' ;; *) words='%s' ;; esac ;;\n"
                .formatted(name, words(options(command)), words(arguments(name))));
    }

    private void addValues(StringBuilder script, String name, CommandLine command) {
        for (var option : command.getCommandSpec().options()) {
            if (takesValue(option)) {
                var pattern = Arrays.stream(option.names())
                        .map(each -> name + ":" + each)
                        .collect(Collectors.joining(" | "));
                String words;
                if (key(option).equals(LAYERS)) {
                    words = "@layers";
                } else if (isFile(option)) {
                    words = "";
                } else {
                    words = words(words(option).orElse(List.of("-")));
                }
                line(script, "    %s) words=\"%s\" ;;".formatted(pattern, words));
            }
        }
    }

    /** Returns the script for fish. */
    String fish() {
        var script = new StringBuilder();
        line(script, "# Completes stir in fish.");
        root.getSubcommands()
                .forEach((name, command) -> line(
                        script,
                        "complete -c stir -n __fish_use_subcommand -f -a %s -d %s"
                                .formatted(name, quoted(about(command)))));
        for (var argument : List.of("completion", "help", "manual", "cluster")) {
            line(
                    script,
                    "complete -c stir -n '__fish_seen_subcommand_from %s' -f -a '%s'"
                            .formatted(argument, words(arguments(argument))));
        }
        root.getSubcommands()
                .forEach((name, command) ->
                        command.getCommandSpec().options().forEach(option -> line(script, fish(name, option))));
        // What follows `cluster` is a command, whose own options stand above.
        var ofCluster = new LinkedHashMap<String, OptionSpec>();
        for (var child : command("cluster").getSubcommands().entrySet()) {
            var known = command(child.getKey()).getCommandSpec().optionsMap();
            for (var option : child.getValue().getCommandSpec().options()) {
                if (!known.containsKey(option.longestName())) {
                    ofCluster.put(option.longestName(), option);
                }
            }
        }
        ofCluster.values().forEach(option -> line(script, fish("cluster", option)));
        return script.toString();
    }

    private String fish(String command, OptionSpec option) {
        var text = new StringBuilder("complete -c stir -n '__fish_seen_subcommand_from %s'".formatted(command));
        for (var name : option.names()) {
            text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
        }
        if (takesValue(option)) {
            text.append(isFile(option) ? " -r -F" : " -x");
            words(option)
                    .ifPresent(all -> text.append(" -a '").append(words(all)).append('\''));
        }
        return text.append(" -d ").append(quoted(first(option.description()))).toString();
    }

    private static String about(CommandLine command) {
        return first(command.getCommandSpec().usageMessage().description());
    }

    /** Returns the first sentence of a description. */
    private static String first(String[] lines) {
        var all = lines.length == 0 ? "" : lines[0];
        int stop = all.indexOf(". ");
        return (stop < 0 ? all : all.substring(0, stop)).replaceFirst("\\.$", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private CommandLine command(String name) {
        return Objects.requireNonNull(root.getSubcommands().get(name), name);
    }

    private List<String> commands() {
        return List.copyOf(root.getSubcommands().keySet());
    }

    private List<String> arguments(String command) {
        return switch (command) {
            case "completion" ->
                Arrays.stream(CompletionCommand.Shell.values()).map(Enum::name).toList();
            case "help", "manual" -> commands();
            case "cluster" -> List.copyOf(command("cluster").getSubcommands().keySet());
            case "measures" -> values.getOrDefault("measure", List.of());
            default -> List.of(); // files
        };
    }

    private static List<String> options(CommandLine command) {
        var names = new ArrayList<String>();
        for (var option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                names.addAll(List.of(option.names()));
            }
        }
        return names;
    }

    /** Returns the words that are allowed as values of an option; empty if they are not few. */
    private Optional<List<String>> words(OptionSpec option) {
        return Optional.of(OptionList.allowed(option))
                .filter(choices -> !choices.isEmpty())
                .or(() -> Optional.ofNullable(values.get(key(option))));
    }

    private static String key(OptionSpec option) {
        return NetworkOptions.withoutSuffix(option.longestName()).replaceFirst("^--", "");
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    private static boolean isFile(OptionSpec option) {
        return option.type() == Path.class
                || Arrays.asList(option.auxiliaryTypes()).contains(Path.class);
    }

    private static String words(List<String> words) {
        return String.join(" ", words);
    }

    private static void line(StringBuilder script, String line) {
        script.append(line).append('\n');
    }
}
