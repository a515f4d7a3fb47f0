package stir.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import stir.api.Model;
import stir.cli.console.FailureReport;
import stir.core.Stir;
import stir.report.StudyPage;

/** Rules for the dependencies of modules and packages, and for the names of classes. */
@AnalyzeClasses(packages = "stir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final ArchRule MODULES_HAVE_NO_CYCLES =
            slices().matching("stir.(*)..").should().beFreeOfCycles();

    private static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("(**)").should().beFreeOfCycles();

    private static final ArchRule COMMAND_LINE_USES_THE_ROOMS_BELOW = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("entry")
            .definedBy("stir.cli")
            .layer("command")
            .definedBy("stir.cli.command")
            .layer("option")
            .definedBy("stir.cli.option")
            .layer("console")
            .definedBy("stir.cli.console")
            .layer("results")
            .definedBy("stir.cli.report", "stir.report")
            .whereLayer("entry")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("command")
            .mayOnlyBeAccessedByLayers("entry")
            .whereLayer("option")
            .mayOnlyBeAccessedByLayers("entry", "command")
            .whereLayer("console")
            .mayOnlyBeAccessedByLayers("entry", "command", "option");

    private static final ArchRule NO_MODULE_DEPENDS_ON_A_BACKEND = noClasses()
            .that()
            .resideOutsideOfPackage("stir.backend..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("stir.backend..");

    private static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
            noClasses().that().resideOutsideOfPackage("stir.cli..").should(ACCESS_STANDARD_STREAMS);

    private static final ArchRule ONLY_THE_COMMAND_LINE_NAMES_OPTIONS = noClasses()
            .that()
            .resideOutsideOfPackage("stir.cli..")
            .should(holdATextLike(Pattern.compile("(^|[ (])--[a-z]|`stir ")));

    @ArchTest
    static void theRulesHold(JavaClasses all) {
        assertAll(Stream.of(
                        MODULES_HAVE_NO_CYCLES,
                        PACKAGES_HAVE_NO_CYCLES,
                        COMMAND_LINE_USES_THE_ROOMS_BELOW,
                        NO_MODULE_DEPENDS_ON_A_BACKEND,
                        ONLY_THE_COMMAND_LINE_PRINTS,
                        ONLY_THE_COMMAND_LINE_NAMES_OPTIONS,
                        FAILURES_HAVE_A_KIND,
                        NAMES_ARE_SPECIFIC)
                .map(rule -> () -> rule.check(all)));
    }

    /** Constants that the compiler copies leave no trace in classes, but in imports. */
    @Test
    void packagesHaveNoCyclesOfImports() throws IOException {
        var imported = new TreeMap<String, Set<String>>();
        for (var sources : List.of("../stir-api", "../stir-core", "../stir-report", ".")) {
            try (var files = Files.walk(Path.of(sources, "src", "main", "java"))) {
                for (var file :
                        files.filter(name -> name.toString().endsWith(".java")).toList()) {
                    var text = Files.readString(file);
                    var of = PACKAGE.matcher(text);
                    if (of.find()) {
                        var names = imported.computeIfAbsent(of.group(1), unused -> new TreeSet<>());
                        IMPORT.matcher(text).results().forEach(match -> names.add(match.group(1)));
                    }
                }
            }
        }
        imported.forEach((name, others) -> others.remove(name));
        assertTrue(imported.size() > 40, imported.keySet()::toString);
        while (imported.values().removeIf(others -> others.stream().noneMatch(imported::containsKey))) {
            // What uses nothing that is left is in no cycle.
        }
        assertEquals(Map.of(), imported);
    }

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(stir(?:\\.[a-z]+)*)\\.[A-Z][A-Za-z0-9_.*]*;");

    @Test
    void backendsNameNoOptions() {
        var folders = Stream.of("djl", "onnx", "tf")
                .map(name -> Path.of("..", "backend-" + name, "target", "classes"))
                .toList();
        var backends = new ClassFileImporter().importPaths(folders.toArray(Path[]::new));
        for (var name : List.of("djl", "onnx", "tf")) {
            assertTrue(backends.containPackage("stir.backend." + name), name);
        }
        ONLY_THE_COMMAND_LINE_NAMES_OPTIONS.check(backends);
    }

    private static final ArchRule FAILURES_HAVE_A_KIND = noClasses().should(THROW_GENERIC_EXCEPTIONS);

    private static final ArchRule NAMES_ARE_SPECIFIC =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper)");

    @ArchTest
    static void nullIsMarkedEverywhere(JavaClasses all) {
        var packages = packages(all, "");
        assertTrue(packages.size() > 40, packages::toString);
        for (var name : packages) {
            assertTrue(all.getPackage(name).isAnnotatedWith(NullMarked.class), name);
        }
    }

    @ArchTest
    static void theRulesSeeAllModules(JavaClasses all) {
        assertTrue(all.contain(Model.class) && all.contain(Main.class));
        // The parser of class files finds a text where there is one.
        assertTrue(ConstantTexts.of(all.get(FailureReport.class)).contains("--debug"));
    }

    /** The packages of classes that are not made by the compiler alone. */
    private static Set<String> packages(JavaClasses all, String prefix) {
        return all.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(prefix) && !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ArchCondition<JavaClass> holdATextLike(Pattern pattern) {
        return new ArchCondition<>("hold a text like " + pattern) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (var text : ConstantTexts.of(type)) {
                    if (pattern.matcher(text).find()) {
                        events.add(SimpleConditionEvent.satisfied(type, type.getName() + " holds '" + text + "'"));
                    }
                }
            }
        };
    }

    @Test
    void apiRequiresNothingButJava() throws URISyntaxException {
        assertEquals(Set.of("java.base"), required(descriptor(Model.class)));
    }

    @Test
    void coreRequiresNoBackend() throws URISyntaxException {
        var required = required(descriptor(Stir.class));
        assertFalse(required.stream().anyMatch(name -> name.startsWith("stir.backend")));
    }

    /**
     * The types that programs may use, by name: a type that becomes public is added to the file on
     * purpose, or moves to a package that is not exported.
     */
    @ArchTest
    static void exportedTypesAreChosen(JavaClasses all) throws IOException {
        var exported = Stream.of(Model.class, Stir.class, StudyPage.class)
                .flatMap(type -> exports(type).stream())
                .collect(Collectors.toSet());
        var exportedTypes = all.stream()
                .filter(type -> exported.contains(type.getPackageName()))
                .filter(type -> type.isTopLevelClass())
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        try (var list = ArchitectureTest.class.getResourceAsStream("exported-types.txt")) {
            var chosen = new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertEquals(chosen, exportedTypes);
        }
    }

    /** Returns the packages that a class's module exports to all others. */
    private static Set<String> exports(Class<?> type) {
        try {
            return descriptor(type).exports().stream()
                    .filter(one -> !one.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ModuleDescriptor descriptor(Class<?> type) throws URISyntaxException {
        var place =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        return ModuleFinder.of(place).findAll().iterator().next().descriptor();
    }

    /** Returns the names of the modules that a module needs at run time. */
    private static Set<String> required(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .collect(Collectors.toSet());
    }
}
