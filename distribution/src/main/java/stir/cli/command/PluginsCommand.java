package stir.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.option.FormatOption;
import stir.cli.report.PluginList;
import stir.cli.report.PluginProject;

/** {@code stir plugins}: the jars that extend Stir, and projects of new ones. */
@Command(
        name = "plugins",
        description = {
            "Lists the backends and plug-ins that were loaded, with their versions, jars and" + " checksums.",
            "",
            "`new KIND NAME` writes a Maven project (for a measure, term or backend) that builds and passes its contract tests. Copy its jar into plugins/, or a backend's"
                    + " into its own folder in backends/."
        },
        footer = {
            "",
            "Examples:",
            "  stir plugins",
            "  stir plugins --format json",
            "  stir plugins new measure mean-overlap",
            "  stir plugins --plugins /shared/plugins"
        })
final class PluginsCommand implements Callable<Integer> {
    private static final String NEW = "new";
    private static final int WORDS_OF_NEW = 3;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..3",
            paramLabel = "new KIND NAME",
            hideParamSyntax = true,
            description = "Write a project: measure, term or backend, and its name.")
    List<String> words = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the new project (default: its name).")
    Optional<Path> folder = Optional.empty();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var console = Console.of(command);
        if (words.isEmpty()) {
            var sources = console.load(command).extensions().all().sources();
            format.print(new PluginList(sources), command);
            return ExitCode.DONE;
        }
        if (!words.get(0).equals(NEW) || words.size() != WORDS_OF_NEW) {
            throw new UsageException("Use `stir plugins`, or `stir plugins new measure|term|backend NAME`.");
        }
        var project = PluginProject.of(console.home(), words.get(1), words.get(2));
        var written = project.write(folder.orElse(Path.of(words.get(2))));
        command.getOut().print(written);
        command.getOut().flush();
        return ExitCode.DONE;
    }
}
