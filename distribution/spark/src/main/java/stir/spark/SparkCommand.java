package stir.spark;

import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.cli.command.FrontEnd;
import stir.cli.console.ExitCode;
import stir.cli.option.ExperimentOptions;
import stir.cli.option.FormatOption;
import stir.cli.option.ReuseOptions;
import stir.cli.report.StudyReport;
import stir.core.study.CheckedExperiment;
import stir.core.study.RunOptions;
import stir.core.study.results.StudyResults;

/** The command {@code stir matrix} on a Spark cluster. */
@Command(
        name = SparkCommand.NAME,
        versionProvider = FrontEnd.Version.class,
        description = {
            "Runs a study on a Spark cluster, as `stir matrix` does on one machine, with the same" + " bytes.",
            "",
            "All machines see the experiment file, the files that it names, DIR and STIR_HOME under the"
                    + " same paths. The driver checks the file and reports all of its problems before"
                    + " any work begins. The same command continues after an interruption."
        },
        footer = {
            "",
            "Example:",
            "  spark-submit --master spark://n1:7077 --class stir.spark.StudyDriver \\",
            "      stir-spark.jar study.yaml --out /shared/study --home /shared/stir"
        })
final class SparkCommand implements Callable<Integer> {
    /** The name as users type it, which the study's document records. */
    static final String NAME = "spark-submit --class stir.spark.StudyDriver stir-spark.jar";

    private static final Pattern ADDRESS = Pattern.compile("[a-z][a-z0-9+.-]+:/.*");

    private final List<String> arguments;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    ExperimentOptions experiment = new ExperimentOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder of the study, which all machines share; a study in it is continued.")
    Path folder = Path.of("");

    @Option(
            names = "--home",
            paramLabel = "STIR_HOME",
            defaultValue = "${env:STIR_HOME}",
            description = "The unpacked archive, whose backends and plug-ins are used (default: the"
                    + " variable STIR_HOME).")
    Optional<Path> home = Optional.empty();

    @Option(
            names = "--allow-mixed-machines",
            description = "Continues results of another CPU type, whose last bits differ.")
    boolean mixed;

    @Mixin
    ReuseOptions reuse = new ReuseOptions();

    @Mixin
    FormatOption format = new FormatOption();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Explains the command.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    boolean version;

    @Option(names = "--debug", description = "Shows the stack trace of a failure.")
    boolean debug;

    /**
     * Creates a command.
     *
     * @param arguments the arguments, from which executors create the command again
     */
    SparkCommand(List<String> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        for (var path : List.of(experiment.file(), folder, home.orElse(folder))) {
            refuseAddresses(path);
        }
        var err = command.getErr();
        experiment.warning().ifPresent(text -> err.println("stir: warning: " + text));
        var here = Path.of("");
        var stir = ExecutorProcess.here().stir(new StirHome(home(here)));
        stir.extensions().all().problems().forEach(text -> err.println("stir: warning: " + text));
        try (var checked = stir.check(experiment.read(here))) {
            if (!checked.problems().isEmpty()) {
                checked.problems().forEach(problem -> err.println("stir: " + problem));
                return ExitCode.USAGE;
            }
            var report = new StudyReport(run(checked), folder, Optional.empty(), List.of(), false);
            format.print(report, command.getOut(), text -> err.println("stir: " + text));
            return report.isDefined() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static void refuseAddresses(Path path) {
        if (ADDRESS.matcher(path.toString()).matches()) {
            throw new UsageException(
                    "'%s' is an address; hdfs:, s3a: and others are not supported: use a path of a file system that all machines share."
                            .formatted(path));
        }
    }

    /**
     * Returns the unpacked archive.
     *
     * @param place the folder that its path is relative to
     */
    Path home(Path place) {
        return home.map(place::resolve)
                .orElseThrow(() -> new UsageException("Backends are missing: specify the unpacked archive with"
                        + " --home or the variable STIR_HOME."));
    }

    /** Returns the options of the run. */
    RunOptions options() {
        return reuse.options(spec.commandLine())
                .keepingRepresentations(experiment.keepsRepresentations())
                .mixingMachines(mixed);
    }

    private StudyResults run(CheckedExperiment checked) {
        var err = spec.commandLine().getErr();
        var conf = new SparkConf();
        conf.setIfMissing("spark.app.name", "stir " + folder);
        try (var spark = new JavaSparkContext(conf)) {
            var place = new StudyPlace(
                    arguments,
                    Path.of("").toAbsolutePath().toString(),
                    home(Path.of("")).toAbsolutePath().toString(),
                    spark.getConf().getInt("spark.task.cpus", 1));
            var progress = new SparkProgress(
                    text -> err.println("stir: " + text),
                    System::nanoTime,
                    () -> LocalTime.now(ZoneId.systemDefault()));
            spark.sc().addSparkListener(progress);
            return checked.study().run(folder, options(), progress, new SparkRunner(spark, place, progress));
        }
    }

    /** Returns the command of arguments that the driver has parsed. */
    static SparkCommand parsed(List<String> arguments) {
        var command = new SparkCommand(arguments);
        FrontEnd.of(new CommandLine(command), () -> false).parseArgs(arguments.toArray(String[]::new));
        return command;
    }

    /**
     * Returns the folder of the study.
     *
     * @param place the folder that its path is relative to
     */
    Path folder(Path place) {
        return place.resolve(folder);
    }
}
