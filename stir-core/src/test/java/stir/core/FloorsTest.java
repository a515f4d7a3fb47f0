package stir.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules for the dependencies between the packages of stir-core. */
class FloorsTest {
    private static final JavaClasses CORE = new ClassFileImporter().importPath(Path.of("target", "classes"));

    /**
     * The floors of stir-core, from the ground up. The packages of a floor use each other without
     * cycles, and those of floors below.
     */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of(
                    "stir.core.math.linalg",
                    "stir.core.io.arrays",
                    "stir.core.io.files",
                    "stir.core.math.statistics",
                    "stir.core.runtime.progress",
                    "stir.core.runtime.work",
                    "stir.core.math.random",
                    "stir.core.math.resampling",
                    "stir.core.runtime.machine"),
            Set.of(
                    "stir.core.measure",
                    "stir.core.inputs",
                    "stir.core.extension",
                    "stir.core.extension.catalogue",
                    "stir.core.extension.load"),
            Set.of("stir.core.network", "stir.core.network.open", "stir.core.network.pass"),
            Set.of("stir.core.inversion", "stir.core.inversion.term"),
            Set.of(
                    "stir.core.inversion.optimizer",
                    "stir.core.inversion.optimizer.constraint",
                    "stir.core.inversion.optimizer.gaussnewton",
                    "stir.core.inversion.optimizer.reference",
                    "stir.core.inversion.search"),
            Set.of("stir.core.store"),
            Set.of(
                    "stir.core.check",
                    "stir.core.representation",
                    "stir.core.representation.file",
                    "stir.core.score",
                    "stir.core.score.compute"),
            Set.of("stir.core.study.names", "stir.core.study.plan"),
            Set.of("stir.core.study.results"),
            Set.of("stir.core.study.file", "stir.core.study.store", "stir.core.study.run"),
            Set.of("stir.core.study"),
            Set.of("stir.core"));

    @Test
    void everyPackageHasAPlace() {
        var floors = new TreeSet<String>();
        FLOORS.forEach(floors::addAll);
        var packages = CORE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        assertEquals(floors, new TreeSet<>(packages));
    }

    @Test
    void packagesUseTheirFloorAndThoseBelow() {
        classes().should(dependOnTheirFloorAndThoseBelow()).check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("(**)").should().beFreeOfCycles().check(CORE);
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
                        .filter(use -> use.getTargetClass().getPackageName().startsWith("stir.core"))
                        .filter(use -> floor(use.getTargetClass()) > own)
                        .forEach(use -> events.add(SimpleConditionEvent.violated(type, use.getDescription())));
            }
        };
    }
}
