package stir.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import stir.api.Model;
import stir.cli.console.FailureReport;
import stir.core.Stir;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for the dependencies of modules and packages, and for the names of classes. */
@AnalyzeClasses(packages = "stir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /**
     * The floors of stir-core, from the ground up. The packages of a floor use each other without
     * cycles, and those of floors below.
     */
    private static final List<Set<String>> FLOORS =
            List.of(
                    Set.of(
                            "stir.core.linalg",
                            "stir.core.arrays",
                            "stir.core.files",
                            "stir.core.statistics",
                            "stir.core.progress",
                            "stir.core.work",
                            "stir.core.random",
                            "stir.core.machine"),
                    Set.of(
                            "stir.core.similarity",
                            "stir.core.inputs",
                            "stir.core.extension",
                            "stir.core.extension.load"),
                    Set.of("stir.core.network", "stir.core.network.open", "stir.core.network.pass"),
                    Set.of("stir.core.inversion", "stir.core.inversion.term"),
                    Set.of("stir.core.store"),
                    Set.of(
                            "stir.core.inversion.optimizer",
                            "stir.core.inversion.optimizer.constraint",
                            "stir.core.inversion.optimizer.gaussnewton",
                            "stir.core.inversion.optimizer.reference",
                            "stir.core.inversion.search"),
                    Set.of(
                            "stir.core.examination",
                            "stir.core.representation",
                            "stir.core.score",
                            "stir.core.score.compute"),
                    Set.of("stir.core.study.plan"),
                    Set.of("stir.core.study.file", "stir.core.study.store", "stir.core.study.unit"),
                    Set.of("stir.core.study"),
                    Set.of("stir.core"));

    @ArchTest
    static final ArchRule MODULES_HAVE_NO_CYCLES =
            slices().matching("stir.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().assignedFrom(new Packages()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CORE_STANDS_ON_ITS_FLOORS =
            classes()
                    .that()
                    .resideInAPackage("stir.core..")
                    .should(dependOnTheirFloorAndThoseBelow());

    @ArchTest
    static final ArchRule COMMAND_LINE_USES_THE_ROOMS_BELOW =
            layeredArchitecture()
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
                    .definedBy("stir.cli.report", "stir.cli.page")
                    .whereLayer("entry")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("command")
                    .mayOnlyBeAccessedByLayers("entry")
                    .whereLayer("option")
                    .mayOnlyBeAccessedByLayers("entry", "command")
                    .whereLayer("console")
                    .mayOnlyBeAccessedByLayers("entry", "command", "option");

    @ArchTest
    static final ArchRule NO_MODULE_DEPENDS_ON_A_BACKEND =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("stir.backend..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("stir.backend..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
            noClasses().that().resideOutsideOfPackage("stir.cli..").should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_NAMES_OPTIONS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("stir.cli..")
                    .should(holdATextLike(Pattern.compile("(^|[ (])--[a-z]|`stir ")));

    @Test
    void backendsNameNoOptions() {
        var folders =
                Stream.of("djl", "onnx", "tf")
                        .map(name -> Path.of("..", "backend-" + name, "target", "classes"))
                        .toList();
        var backends = new ClassFileImporter().importPaths(folders.toArray(Path[]::new));
        for (var name : List.of("djl", "onnx", "tf")) {
            assertTrue(backends.containPackage("stir.backend." + name), name);
        }
        ONLY_THE_COMMAND_LINE_NAMES_OPTIONS.check(backends);
    }

    @ArchTest
    static final ArchRule FAILURES_HAVE_A_KIND = noClasses().should(THROW_GENERIC_EXCEPTIONS);

    @ArchTest
    static final ArchRule NAMES_ARE_SPECIFIC =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper)");

    @ArchTest
    static void nullIsMarkedEverywhere(JavaClasses all) {
        var packages = packages(all, "");
        assertTrue(packages.size() > FLOORS.size(), packages::toString);
        for (var name : packages) {
            assertTrue(all.getPackage(name).isAnnotatedWith(NullMarked.class), name);
        }
    }

    @ArchTest
    static void theRulesCoverAllPackages(JavaClasses all) {
        var floors = FLOORS.stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(floors), packages(all, "stir.core"));
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

    private static int floor(JavaClass type) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(type.getPackageName())) {
                return i;
            }
        }
        return FLOORS.size(); // above all, so that nothing may use it
    }

    private static ArchCondition<JavaClass> dependOnTheirFloorAndThoseBelow() {
        return new ArchCondition<>("depend on their floor and those below alone") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var own = floor(type);
                type.getDirectDependenciesFromSelf().stream()
                        .filter(
                                use ->
                                        use.getTargetClass()
                                                .getPackageName()
                                                .startsWith("stir.core"))
                        .filter(use -> floor(use.getTargetClass()) > own)
                        .forEach(
                                use ->
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        type, use.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> holdATextLike(Pattern pattern) {
        return new ArchCondition<>("hold a text like " + pattern) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (var text : ConstantTexts.of(type)) {
                    if (pattern.matcher(text).find()) {
                        events.add(
                                SimpleConditionEvent.satisfied(
                                        type, type.getName() + " holds '" + text + "'"));
                    }
                }
            }
        };
    }

    /** Packages by their full names. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
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

    private static ModuleDescriptor descriptor(Class<?> type) throws URISyntaxException {
        var place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
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
