package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Builds Maven projects as somebody outside of Stir does, with a Maven repository of its own. That
 * one finds Stir's modules, as this build made them, in a repository that holds nothing else, and
 * what Maven itself needs in the repository of this build.
 */
final class AuthorsBuild {
    private static final String SETTINGS = """
            <settings>
              <profiles>
                <profile>
                  <id>here</id>
                  <repositories>
                    <repository><id>stir</id><url>%1$s</url></repository>
                    <repository><id>here</id><url>%2$s</url></repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository><id>here</id><url>%2$s</url></pluginRepository>
                  </pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles><activeProfile>here</activeProfile></activeProfiles>
            </settings>
            """;

    private final Path folder;

    /**
     * Builds in a folder.
     *
     * @param folder an empty one
     */
    AuthorsBuild(Path folder) {
        this.folder = folder;
    }

    private static final String ALL = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example.all</groupId>
              <artifactId>all</artifactId>
              <version>1</version>
              <packaging>pom</packaging>
              <modules>%s</modules>
            </project>
            """;

    /**
     * Runs {@code mvn package} once on copies of projects, which must succeed, and returns the
     * folder of the copies.
     *
     * @param projects the folders by the names of their copies
     */
    Path of(Map<String, Path> projects) throws IOException, InterruptedException {
        var copies = Files.createDirectory(folder.resolve("projects"));
        var modules = new StringBuilder();
        for (var project : projects.entrySet()) {
            var name = project.getKey();
            new Image(project.getValue().toAbsolutePath()).copy(copies.resolve(name));
            modules.append("<module>").append(name).append("</module>");
        }
        Files.writeString(copies.resolve("pom.xml"), ALL.formatted(modules));
        var settings = Files.writeString(
                folder.resolve("settings.xml"),
                SETTINGS.formatted(
                        repository().toUri(),
                        Path.of(System.getProperty("stir.localRepository")).toUri()));
        var log = folder.resolve("log.txt");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("stir.maven"), "bin", "mvn").toString(),
                        "-B",
                        "-ntp",
                        "-s",
                        settings.toString(),
                        "-Dmaven.repo.local=" + folder.resolve("repository"),
                        "-Dstir.version=" + System.getProperty("stir.version"),
                        "package")
                .directory(copies.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        var process = builder.start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            var text = Files.readString(log, StandardCharsets.UTF_8);
            assertEquals(0, ended ? process.exitValue() : -1, text);
        } finally {
            process.destroyForcibly();
        }
        return copies;
    }

    /** A repository with Stir's modules, its contract tests and the parent of their descriptors. */
    private Path repository() throws IOException {
        var repository = folder.resolve("stir");
        var version = System.getProperty("stir.version");
        var root = Path.of("..").toAbsolutePath();
        var stir = repository.resolve("org/stir");
        put(root.resolve("target/stir-parent.pom"), stir, "stir-parent", version, ".pom");
        put(root.resolve("distribution/bom/target/stir-bom.pom"), stir, "stir-bom", version, ".pom");
        put(root.resolve("stir-api/target/stir-api.pom"), stir, "stir-api", version, ".pom");
        for (String module : new String[] {"stir-core", "stir-report", "backend-djl", "backend-onnx"}) {
            var name = module.startsWith("stir") ? module : "stir-" + module;
            var built = root.resolve(module).resolve("target");
            put(built.resolve(name + ".pom"), stir, name, version, ".pom");
            var jar = built.resolve(name + "-" + version + ".jar");
            put(jar, stir, name, version, ".jar");
        }
        for (String end : new String[] {".jar", "-tests.jar"}) {
            var jar = root.resolve("stir-api/target/stir-api-" + version + end);
            put(jar, stir, "stir-api", version, end);
        }
        return repository;
    }

    private static void put(Path file, Path group, String artifact, String version, String end) throws IOException {
        var place = Files.createDirectories(group.resolve(artifact).resolve(version));
        Files.copy(file, place.resolve(artifact + "-" + version + end));
    }
}
