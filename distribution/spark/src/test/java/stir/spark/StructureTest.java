package stir.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold for classes that Spark loads on many machines. */
@AnalyzeClasses(packages = "stir.spark", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {
    @ArchTest
    static final ArchRule STATIC_FIELDS_ARE_FINAL =
            noFields().that().areStatic().should().notBeFinal();

    @ArchTest
    static final ArchRule FAILURES_HAVE_A_KIND = ArchRuleDefinition.noClasses().should(THROW_GENERIC_EXCEPTIONS);

    @ArchTest
    static void onlyTheProcessHasStaticState(JavaClasses all) {
        var constants = Set.of(Pattern.class.getName(), String.class.getName(), "int", "long");
        var others = all.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !constants.contains(field.getRawType().getName()))
                .map(field -> field.getOwner().getSimpleName() + "." + field.getName())
                .filter(name -> !name.contains("$"))
                .toList();
        assertEquals(List.of("ExecutorProcess.HERE"), others);
    }
}
