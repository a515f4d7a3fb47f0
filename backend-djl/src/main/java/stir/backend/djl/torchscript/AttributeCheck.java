package stir.backend.djl.torchscript;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SourceException;

/**
 * A comparison of the attributes' values with their declared types. libtorch does not check them:
 * it treats an object of another class as if it had the declared one's attributes.
 */
final class AttributeCheck {
    private static final String OPTIONAL = "Optional[";
    private static final Map<String, Class<?>> PLAIN = Map.of(
            "Tensor", Pickle.TensorView.class,
            "bool", Boolean.class,
            "int", Long.class,
            "float", Double.class,
            "str", String.class);

    private final ScriptCode code;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private AttributeCheck(ScriptCode code) {
        this.code = code;
    }

    /**
     * Checks an object and the objects in it.
     *
     * @throws SourceException if a value does not have its attribute's type
     */
    static void check(ScriptCode code, Pickle.Instance root) {
        new AttributeCheck(code).check(root);
    }

    /** Checks a value recursively; a pickle limits the depth. */
    private void check(Object value) {
        if (value instanceof List<?> list && seen.add(list)) {
            list.forEach(this::check);
        } else if (value instanceof Map<?, ?> map && seen.add(map)) {
            map.values().forEach(this::check);
        } else if (value instanceof Pickle.Instance instance && seen.add(instance)) {
            var type = code.find(instance.type());
            if (type == null) {
                throw new SourceException("the class %s has no source".formatted(instance.type()));
            }
            boolean setsItself = type.methods().containsKey("__setstate__");
            (setsItself ? Map.<String, String>of() : type.attributes()).forEach((name, declared) -> {
                var held = instance.attributes().get(name);
                if (!declared.startsWith("Final[") && !fits(declared, held)) {
                    throw new SourceException(
                            "the attribute %s of %s is not of type %s".formatted(name, type.simpleName(), declared));
                }
            });
            instance.attributes().values().forEach(this::check);
        }
    }

    private boolean fits(String declared, @Nullable Object value) {
        if (declared.startsWith(OPTIONAL) && declared.endsWith("]")) {
            return value == Pickle.NOTHING || fits(declared.substring(OPTIONAL.length(), declared.length() - 1), value);
        }
        var plain = PLAIN.get(declared);
        if (plain != null) {
            return plain.isInstance(value);
        }
        var type = code.find(declared);
        if (type != null && type.isModule()) {
            return value instanceof Pickle.Instance instance && instance.type().equals(type.qualifiedName());
        }
        if (declared.startsWith("List[") || declared.startsWith("Tuple[")) {
            return value instanceof List;
        }
        return declared.startsWith("Dict[") ? value instanceof Map : value != null;
    }
}
