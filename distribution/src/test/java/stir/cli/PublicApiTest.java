package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Version;
import java.lang.module.ModuleFinder;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.api.Experimental;
import stir.api.Model;
import stir.core.Stir;
import stir.report.StudyPage;

/** Tests of the annotations of exported types: their first version and their stability. */
class PublicApiTest {
    /** A public type, and the end of the comment before it. */
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^ \\*/\\n" + "(?:@.*\\n" + ")*public (?:\\w+[ -])*(?:class|interface|record|enum|@interface) ");

    private static final Pattern SINCE = Pattern.compile("(?m)^ \\* @since (\\S+)\\n \\*/");

    private static final Map<Class<?>, Path> MODULES = Map.of(
            Model.class, Path.of("../stir-api/src/main/java"),
            Stir.class, Path.of("../stir-core/src/main/java"),
            StudyPage.class, Path.of("../stir-report/src/main/java"));

    /** The source of each package that everybody may use. */
    private static List<Path> sources() throws IOException, URISyntaxException {
        var sources = new ArrayList<Path>();
        for (var module : MODULES.entrySet()) {
            for (var exported : exported(module.getKey())) {
                var folder = module.getValue().resolve(exported.replace('.', '/'));
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.endsWith("package-info.java"))
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static Set<String> exported(Class<?> of) throws URISyntaxException {
        var place =
                Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        var module = ModuleFinder.of(place).findAll().iterator().next().descriptor();
        var names = new TreeSet<String>();
        module.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(Exports::source)
                .forEach(names::add);
        return names;
    }

    @Test
    void publicTypesNameTheirFirstVersion() throws IOException, URISyntaxException {
        var current = Version.parse(Stir.version().replace("-SNAPSHOT", ""));
        var without = new TreeSet<String>();
        int types = 0;
        for (var file : sources()) {
            var source = Files.readString(file);
            var type = TYPE.matcher(source);
            if (type.find()) {
                types++;
                var since = SINCE.matcher(source);
                if (!since.find()
                        || since.end() != type.start() + " */".length()
                        || Version.parse(since.group(1)).compareTo(current) > 0) {
                    without.add(file.toString());
                }
            }
        }
        assertTrue(types > 150, types + " types");
        assertEquals(List.of(), List.copyOf(without));
    }

    @Test
    void stableTypesUseNoExperimentalTypes() throws Exception {
        var violations = new TreeSet<String>();
        int experimental = 0;
        for (var file : sources()) {
            var name = file.toString().replaceFirst(".*/java/", "").replace(".java", "");
            var type = Class.forName(name.replace('/', '.'));
            if (isExperimental(type)) {
                experimental++;
            } else if (Modifier.isPublic(type.getModifiers())) {
                look(type, violations);
            }
        }
        assertTrue(experimental > 5, experimental + " types");
        assertEquals(List.of(), List.copyOf(violations));
    }

    private static boolean isExperimental(AnnotatedElement element) {
        return element.isAnnotationPresent(Experimental.class);
    }

    private static void look(Class<?> type, Set<String> violations) {
        Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()))
                .filter(member -> Modifier.isPublic(member.getModifiers()))
                .filter(member -> !isExperimental(member))
                .filter(member -> uses(member).anyMatch(PublicApiTest::isExperimental))
                .forEach(member -> violations.add(member.toGenericString()));
        for (var nested : type.getDeclaredClasses()) {
            if (Modifier.isPublic(nested.getModifiers()) && !isExperimental(nested)) {
                look(nested, violations);
            }
        }
    }

    private static Stream<Class<?>> uses(Executable member) {
        return Stream.concat(
                        Stream.of(member.getAnnotatedReturnType().getType()),
                        Arrays.stream(member.getGenericParameterTypes()))
                .flatMap(PublicApiTest::classes);
    }

    /** The classes in a type, those of its arguments too, and those that they are nested in. */
    private static Stream<Class<?>> classes(Type type) {
        if (type instanceof Class<?> one) {
            return Stream.iterate(one, each -> each != null, Class::getDeclaringClass);
        }
        if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    classes(generic.getRawType()),
                    Arrays.stream(generic.getActualTypeArguments()).flatMap(PublicApiTest::classes));
        }
        if (type instanceof WildcardType wildcard) {
            return Arrays.stream(wildcard.getUpperBounds()).flatMap(PublicApiTest::classes);
        }
        return type instanceof GenericArrayType array ? classes(array.getGenericComponentType()) : Stream.empty();
    }
}
