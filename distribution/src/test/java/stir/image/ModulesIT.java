package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the image is made of. */
class ModulesIT {
    private static final String VERSION = System.getProperty("stir.version");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");
    private static final List<String> LICENCES = List.of("licences/", "licences/djl/", "licences/tf/");
    private static final Path MODULES = Image.built().folder().resolveSibling("modules");

    @Test
    void everyModuleOfTheImageIsAReal() throws IOException {
        var listed = new Launch(List.of(Image.built().folder() + "/runtime/bin/java", "--list-modules"))
                .run()
                .done();
        for (var module : ModuleFinder.of(MODULES).findAll()) {
            var descriptor = module.descriptor();
            assertFalse(descriptor.isAutomatic(), descriptor.name());
            assertTrue(listed.contains(descriptor.name()), descriptor.name());
        }
        for (String ours : new String[] {"stir.api", "stir.core", "stir.cli"}) {
            assertTrue(listed.contains(ours + "@") || listed.contains(ours + "\n"), listed);
        }
        assertFalse(listed.contains("stir.backend"), "backends are dropped in, not linked");
        assertFalse(listed.contains("jdk.compiler"), listed);
    }

    // Without the archive, which some Javas may not make, the same commands start later.
    @Test
    void javaLoadsTheArchiveOfParsedClasses() {
        var archive = Image.built().folder().resolve("runtime/lib/server/classes.jsa");
        assumeTrue(Files.exists(archive), "the build printed that Java made no archive");
        var run = Image.built()
                .stir("--version")
                .with("STIR_JAVA_OPTS", "-Xshare:on")
                .run();
        assertEquals("", run.err());
        assertEquals(0, run.code());
    }

    /** A class path finds services in META-INF, modules in descriptors: both must tell the same. */
    @Test
    void ourJarsProvideTheSameAsModulesAndOnAClassPath() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path folder : List.of(MODULES, Image.built().folder().resolve("backends"))) {
            Image.each(folder, Comparator.naturalOrder(), path -> {
                if (path.getFileName().toString().matches("stir-.*\\.jar")) {
                    jars.add(path);
                }
            });
        }
        assertTrue(jars.size() >= 6, jars.toString());
        for (Path jar : jars) {
            var provided = new TreeMap<String, Set<String>>();
            for (ModuleDescriptor.Provides provides : descriptor(jar).provides()) {
                provided.put(provides.service(), new TreeSet<>(provides.providers()));
            }
            assertEquals(provided, services(jar), jar.toString());
        }
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    }

    private static Map<String, Set<String>> services(Path jar) throws IOException {
        var services = new TreeMap<String, Set<String>>();
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().toList()) {
                var name = entry.getName();
                if (name.startsWith("META-INF/services/") && !entry.isDirectory()) {
                    var text = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    services.put(
                            name.substring("META-INF/services/".length()),
                            new TreeSet<>(text.lines()
                                    .map(line -> line.replaceFirst("#.*", "").strip())
                                    .filter(line -> !line.isEmpty())
                                    .toList()));
                }
            }
        }
        return services;
    }

    /** The folder that users put on their PATH must not bring a Java that hides theirs. */
    @Test
    void theFolderForThePathHoldsTheLauncherAndTheInstallationForGpusAlone() throws IOException {
        try (var files = Files.list(Image.built().folder().resolve("bin"))) {
            var names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertEquals(List.of("stir", "stir-gpu"), names);
        }
    }

    /** An archive without the sources beside it. */
    @Test
    void documentsReferToWhatIsThere() throws IOException {
        var folder = Image.built().folder();
        var missing = new TreeSet<String>();
        Image.each(folder, Comparator.naturalOrder(), path -> {
            if (path.toString().endsWith(".md") && !path.startsWith(folder.resolve("runtime"))) {
                var links = LINK.matcher(Files.readString(path));
                while (links.find()) {
                    var to = path.resolveSibling(links.group(1));
                    if (!Files.exists(to)) {
                        missing.add(folder.relativize(path) + ": " + links.group(1));
                    }
                }
            }
        });
        assertEquals(Set.of(), missing);
    }

    /** The build has refused jars without a licence; this is its list. */
    @Test
    void eachBundledJarHasItsLicence() throws IOException {
        var listed = new StringBuilder();
        for (String folder : LICENCES) {
            listed.append(Files.readString(Image.built().folder().resolve(folder + "libraries.csv")));
        }
        Image.each(Image.built().folder().resolve("backends"), Comparator.naturalOrder(), path -> {
            if (path.toString().endsWith(".jar")) {
                assertTrue(listed.indexOf("\n" + path.getFileName() + ",") >= 0, path::toString);
            }
        });
        assertTrue(listed.indexOf("\npicocli-") >= 0, listed::toString);
    }

    @Test
    void theBillOfMaterialsNamesEachBundledJarWithItsChecksum() throws IOException {
        var sums = new TreeMap<String, String>();
        for (var component : components()) {
            var classifier = component.at("/purl").asText().replaceFirst("[^?]*(\\?classifier=)?", "");
            var name = component.at("/name").asText()
                    + "-"
                    + component.at("/version").asText()
                    + (classifier.isEmpty() ? "" : "-" + classifier)
                    + ".jar";
            var sum = component.at("/hashes/0/content").asText();
            var other = sums.put(name, sum);
            assertTrue(other == null || other.equals(sum), name);
        }
        var committed = Files.readString(Path.of("src/image/licences/checksums.csv"));
        for (Path folder : List.of(MODULES, Image.built().folder().resolve("backends"))) {
            Image.each(folder, Comparator.naturalOrder(), path -> {
                var name = path.getFileName().toString();
                if (name.endsWith(".jar")) {
                    var sum = sums.get(name);
                    assertTrue(sum != null && sum.matches("[0-9a-f]{64}"), name);
                    assertTrue(name.startsWith("stir-") || committed.contains(name + "," + sum + "\n"), name);
                }
            });
        }
    }

    /** Returns what the bills of the first archive and of each backend list. */
    private static List<JsonNode> components() throws IOException {
        var components = new ArrayList<JsonNode>();
        for (String folder : LICENCES) {
            var file = Image.built().folder().resolve(folder + "bom.cdx.json").toFile();
            var bill = new JsonMapper().readTree(file);
            assertEquals("CycloneDX", bill.at("/bomFormat").asText());
            assertEquals(VERSION, bill.at("/metadata/component/version").asText());
            bill.at("/components").forEach(components::add);
        }
        return components;
    }

    /** Of the machine that built them: neither its folders nor whom they are closed to. */
    @Test
    void filesNameNoFolderOfTheBuildAndAreReadableByAll() throws IOException {
        var build = Path.of("..").toAbsolutePath().normalize().toString();
        var home = System.getProperty("user.home") + "/";
        var problems = new TreeSet<String>();
        Image.each(Image.built().folder(), Comparator.naturalOrder(), path -> {
            if (!Files.isRegularFile(path)) {
                return;
            }
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
                problems.add(path + " is not readable by all");
            }
            boolean isOurs = path.getFileName().toString().matches("stir.*\\.jar|.*\\.(md|json|csv|1)");
            look(path.toString(), Files.readAllBytes(path), isOurs, build, home, problems);
            if (isOurs && path.toString().endsWith(".jar")) {
                try (var jar = new JarFile(path.toFile())) {
                    for (var entry : jar.stream().toList()) {
                        look(
                                path + "!" + entry.getName(),
                                jar.getInputStream(entry).readAllBytes(),
                                true,
                                build,
                                home,
                                problems);
                    }
                }
            }
        });
        assertEquals(Set.of(), problems);
    }

    private static void look(
            String name, byte[] bytes, boolean isOurs, String build, String home, Set<String> problems) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.contains(build) || (isOurs && text.contains(home))) {
            problems.add(name + " names a folder of the build");
        }
    }

    @Test
    void everyNeededFileIsThere() {
        for (String name : new String[] {
            "LICENSE",
            "README.md",
            "CHANGELOG.md",
            "CITATION.cff",
            "docs/index.html",
            "docs/reference/commands.html",
            "docs/results/stir-study.schema.json",
            "licences/libraries.csv",
            "licences/guava-33.5.0-jre/LICENSE".replace("33.5.0-jre", System.getProperty("stir.guava")),
            "development/stir-api-%s.jar".formatted(VERSION),
            "development/stir-api-%s-sources.jar".formatted(VERSION),
            "development/stir-api-%s-javadoc.jar".formatted(VERSION),
            "development/stir-api-%s-tests.jar".formatted(VERSION),
            "share/man/man1/stir-score.1",
            "conf/logging.properties",
            "plugins/README",
            "demo/README.md",
            "demo/vgg0.script.pt",
            "demo/resnet1.script.pt",
            "demo/mnist500-images-idx3-ubyte"
        }) {
            assertTrue(Files.isRegularFile(Image.built().folder().resolve(name)), name);
        }
    }

    /** Tests of Stir itself, and the mutants of its backends, are not for authors of plug-ins. */
    @Test
    void authorsReceiveTheContractsAlone() throws IOException {
        var jar = Image.built().folder().resolve("development/stir-api-%s-tests.jar".formatted(VERSION));
        try (var file = new JarFile(jar.toFile())) {
            var classes = file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replaceFirst("(\\$.*)?\\.class$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(
                    Stream.of(
                                    "BackendContract",
                                    "ExtendedUnits",
                                    "HookContract",
                                    "InputsContract",
                                    "MachineInMessage",
                                    "Numerical",
                                    "ObjectiveTermContract",
                                    "SimilarityMeasureContract",
                                    "package-info")
                            .map(name -> "stir/api/contract/" + name)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    classes);
        }
    }

    /** A library that only the building system has would make the image useless elsewhere. */
    @Test
    void nativeLibrariesNeedTheCLibraryAlone() throws IOException {
        var lib = Image.built().folder().resolve("runtime/lib");
        for (String name : new String[] {"libjavajpeg.so", "liblcms.so", "libzip.so", "libjli.so"}) {
            var needed = new Launch(List.of("ldd", lib.resolve(name).toString()))
                    .run()
                    .out();
            needed.lines()
                    .filter(line -> line.contains("=> /"))
                    .forEach(line -> assertTrue(
                            line.contains(lib.toString()) || line.matches("\\s*lib(c|m|dl|pthread)\\.so.*"), line));
        }
    }
}
