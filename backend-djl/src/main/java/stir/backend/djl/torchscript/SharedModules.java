package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SourceException;

/**
 * The modules of an archive that have several paths. Scripting copies an object that is an
 * attribute of several modules, so that only the weights show that the copies are one module.
 */
final class SharedModules {
    /** Far more than networks have: an archive can repeat its parts without size. */
    private static final int MOST = 200_000;

    private final Map<List<Object>, Integer> numbers = new HashMap<>();
    private final Set<Integer> weighted = new HashSet<>();
    private final Map<Integer, List<String>> paths = new HashMap<>();
    private final Map<String, List<String>> shared = new HashMap<>();
    private int visited;

    SharedModules(Pickle.Instance root) {
        number(root, "");
        for (int number : weighted) {
            var names = paths.getOrDefault(number, List.of());
            if (names.size() > 1) {
                names.forEach(name -> shared.put(name, names));
            }
        }
    }

    /** Returns the number of a module, which is equal for modules of one class with one content. */
    private int number(Pickle.Instance module, String path) {
        if (++visited > MOST) {
            throw new SourceException("its modules nest too deeply");
        }
        var content = new ArrayList<Object>();
        content.add(module.type());
        boolean hasWeights = false;
        for (var attribute : module.attributes().entrySet()) {
            if (attribute.getValue() instanceof Pickle.Instance inner) {
                int number = number(inner, path + attribute.getKey() + ".");
                hasWeights |= weighted.contains(number);
                content.add(number);
            } else if (attribute.getValue() instanceof Pickle.TensorView tensor) {
                hasWeights = true;
                content.add(tensor);
            }
        }
        int number = numbers.computeIfAbsent(content, any -> numbers.size());
        if (hasWeights) {
            weighted.add(number);
        }
        if (!path.isEmpty()) {
            paths.computeIfAbsent(number, any -> new ArrayList<>()).add(path.substring(0, path.length() - 1));
        }
        return number;
    }

    /** Returns all paths of the module at a path. */
    List<String> of(String path) {
        return shared.getOrDefault(path, List.of(path));
    }
}
