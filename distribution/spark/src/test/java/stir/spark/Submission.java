package stir.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A process of {@code spark-submit}, started as its script does it.
 *
 * @param process the driver
 * @param out its standard output
 * @param err its standard error
 */
record Submission(Process process, Path out, Path err) {
    private static final long TIMEOUT_SECONDS = 300;

    /** Options of a Java that ends before its best compiler is worth its time. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /** The image that the build has made. */
    static Path image() {
        return path("stir.image");
    }

    private static Path path(String property) {
        return Path.of(System.getProperty(property)).toAbsolutePath();
    }

    /** Starts Stir on a cluster. */
    static Submission start(Path folder, String master, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.addAll(List.of(SHORT_LIVED.split(" ", -1)));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of(
                "-cp",
                path("stir.spark.home") + "/jars/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                master,
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.log.level=WARN",
                "--conf",
                "spark.executor.extraJavaOptions=" + SHORT_LIVED,
                "--class",
                "stir.spark.StudyDriver",
                path("stir.spark.jar").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", image().toString()));
        var started = process(folder, command, "spark");
        return started;
    }

    /** Starts a command of the image. */
    static Submission stir(Path folder, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(image().resolve("bin/stir").toString());
        command.addAll(List.of(arguments));
        return process(folder, command, "stir");
    }

    private static Submission process(Path folder, List<String> command, String name) throws IOException {
        var out = folder.resolve(name + ".out");
        var err = folder.resolve(name + ".err");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        var environment = builder.environment();
        environment.put("STIR_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        environment.put("SPARK_HOME", path("stir.spark.home").toString());
        environment.put("SPARK_SCALA_VERSION", "2.13"); // what executors of local-cluster look for
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put(
                "STIR_CACHE",
                image().resolveSibling("image-tests").resolve("cache").toString());
        return new Submission(builder.start(), out, err);
    }

    /** Its end. */
    record Ended(int code, String out, String err) {}

    Ended end() throws IOException, InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("No end: " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The executors that run now. */
    List<ProcessHandle> executors() {
        return process.descendants()
                .filter(handle -> handle.info()
                        .commandLine()
                        .filter(line -> line.contains("CoarseGrainedExecutor"))
                        .isPresent())
                .toList();
    }
}
