package stir.cli.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stir.api.BackendException;
import stir.api.UsageException;
import stir.core.Stir;

/**
 * A Maven project of a new plug-in: a template of its kind, filled in with a name, and the jars of
 * {@code stir-api} in a Maven repository of its own.
 */
public record PluginProject(Path home, String kind, String name) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Words that no package can be called. */
    private static final Set<String> KEYWORDS =
            Set.of(("abstract assert boolean break byte case catch char class const continue"
                            + " default do double else enum extends false final finally"
                            + " float for goto if implements import instanceof int"
                            + " interface long native new null package private protected"
                            + " public return short static strictfp super switch"
                            + " synchronized this throw throws transient true try void"
                            + " volatile while")
                    .split(" ", -1));

    private static final Set<String> KINDS = Set.of("backend", "measure", "term");

    /** A word of a template that its project replaces, also in the names of files. */
    private static final Pattern PLACEHOLDER = Pattern.compile("__([a-zA-Z]+)__");

    private static final String DESCRIPTOR = """
            <?xml version="1.0" encoding="UTF-8"?>
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.stir</groupId>
              <artifactId>stir-api</artifactId>
              <version>%s</version>
            </project>
            """;

    /**
     * Creates a project that is not written yet.
     *
     * @param home the folder that Stir was unpacked into
     * @param kind measure, term or backend
     * @param name the id of the extension
     * @throws UsageException if there is no such kind, the name is invalid, or the examples are
     *     missing
     */
    public static PluginProject of(Optional<Path> home, String kind, String name) {
        if (!KINDS.contains(kind)) {
            throw new UsageException(
                    "There is no kind of plug-in '%s': choose backend, measure or term.".formatted(kind));
        }
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(
                    "'%s' is not a name for a plug-in: use lower-case letters, digits and single hyphens, as in mean-overlap."
                            .formatted(name));
        }
        if (KEYWORDS.contains(packageOf(name))) {
            throw new UsageException(
                    "'%s' is a word of Java, and can't name a plug-in's package: choose another name.".formatted(name));
        }
        var archive = home.filter(folder -> Files.isDirectory(folder.resolve("examples")));
        return new PluginProject(
                archive.orElseThrow(
                        () -> new UsageException("The examples are missing: run `stir` from the unpacked archive.")),
                kind,
                name);
    }

    /**
     * Writes the project.
     *
     * @param folder its folder, which does not exist yet
     * @return the next steps, for the user
     * @throws UsageException if the folder exists
     * @throws BackendException if it can't be written
     */
    public String write(Path folder) {
        if (Files.exists(folder)) {
            throw new UsageException("%s exists already: choose another folder.".formatted(folder));
        }
        var template = home.resolve("examples").resolve(kind + "-template");
        try (var files = Files.walk(template)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var to = folder.resolve(filled(template.relativize(file).toString()));
                Files.createDirectories(to.toAbsolutePath().getParent());
                Files.writeString(to, filled(Files.readString(file)));
            }
            writeRepository(folder.resolve("repository/org/stir/stir-api").resolve(Stir.version()));
        } catch (IOException | UncheckedIOException e) {
            throw new BackendException("The project could not be written into %s (%s).".formatted(folder, e), e);
        }
        return """
                %s is a Maven project with a %s of its own: change it, then
                  mvn package        in that folder compiles it and runs its contract tests
                  cp target/*.jar    %s
                Its README explains the files; stir plugins lists what was loaded.
                """.formatted(folder, kind, home.resolve(kind.equals("backend") ? "backends/" + name : "plugins"));
    }

    private void writeRepository(Path repository) throws IOException {
        Files.createDirectories(repository);
        var artifact = "stir-api-" + Stir.version();
        for (String end : new String[] {".jar", "-tests.jar"}) {
            Files.copy(home.resolve("development").resolve(artifact + end), repository.resolve(artifact + end));
        }
        Files.writeString(repository.resolve(artifact + ".pom"), DESCRIPTOR.formatted(Stir.version()));
    }

    private String filled(String text) {
        var values = Map.of(
                "id", name,
                "Name", camel(artifact()),
                "artifact", artifact(),
                "package", packageOf(name));
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())))
                .replaceFirst("<stir.version>[^<]*<", "<stir.version>" + Stir.version() + "<");
    }

    /** Returns the name of the jar: that of a backend ends with this word. */
    private String artifact() {
        return kind.equals("backend") && !(" " + name).matches(".*[ -]backend") ? name + "-backend" : name;
    }

    private static String packageOf(String name) {
        return name.replace("-", "");
    }

    private static String camel(String name) {
        return Arrays.stream(name.split("-", -1))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }
}
