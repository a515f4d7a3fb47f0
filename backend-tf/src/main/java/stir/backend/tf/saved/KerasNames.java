package stir.backend.tf.saved;

import org.tensorflow.proto.NodeDef;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds Keras's layers in the scopes of node names.
 *
 * <p>Keras 2 exports the layer {@code conv} as the scope {@code model/conv}; Keras 3 as {@code
 * model_1/conv_1}, or {@code conv_2} where {@code conv_1} is taken, so that an exact match may be
 * another layer. Which variable a scope reads tells for layers with weights (the variable is called
 * {@code conv/kernel}); for others counts what most of those show. Without variables (frozen
 * graphs), the numbers are taken for Keras 3's if every scope has one and no name is left that is
 * also another scope's.
 */
final class KerasNames {
    private static final Pattern NUMBER = Pattern.compile("_\\d+$");

    /** The scopes and the nodes with values of the input that stand in a scope. */
    private static final class Content {
        private final Set<String> children = new HashSet<>();
        private final List<NodeDef> nodes = new ArrayList<>();
    }

    private final Map<String, Content> contents = new LinkedHashMap<>();
    private final Map<String, String> bound = new HashMap<>();
    private final Set<String> weighted = new HashSet<>();

    /**
     * @param nodes the nodes with values of the input, in topological order
     * @param reads for each node that reads a variable, the variable's name as Keras gave it
     */
    KerasNames(List<NodeDef> nodes, Map<String, String> reads) {
        contents.put("", new Content());
        for (NodeDef node : nodes) {
            for (String path : scopes(node.getName())) {
                contents.computeIfAbsent(path, unused -> new Content()).nodes.add(node);
                content(parent(path)).children.add(path);
            }
        }
        reads.forEach(this::bind);
        reads.keySet().forEach(reader -> weighted.addAll(scopes(reader)));
    }

    private Content content(String path) {
        return contents.computeIfAbsent(path, unused -> new Content());
    }

    /**
     * The scopes that a node stands in, outermost first: {@code a}, {@code a/b} of {@code a/b/c}.
     */
    static List<String> scopes(String node) {
        var paths = new ArrayList<String>();
        for (int i = node.indexOf('/'); i >= 0; i = node.indexOf('/', i + 1)) {
            paths.add(node.substring(0, i));
        }
        return paths;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Learns the layers' names of the scopes that a node reading {@code layer/kernel} stands in.
     */
    private void bind(String reader, String variable) {
        var parts = Arrays.asList(variable.replaceAll(":0$", "").split("/", -1));
        for (String layer : parts.subList(0, parts.size() - 1)) {
            String innermost = null;
            for (String path : scopes(reader)) {
                var name = last(path);
                if (name.equals(layer)
                        || (name.startsWith(layer + "_")
                                && NUMBER.matcher(name).replaceFirst("").equals(layer))) {
                    innermost = path;
                }
            }
            if (innermost != null) {
                bound.putIfAbsent(innermost, layer);
            }
        }
    }

    /**
     * The layers' scopes and names, in the order of their first nodes. A part of a layer or of a
     * model in the model is called {@code encoder/conv}, the second call of a shared layer {@code
     * dense#2}.
     *
     * @return each scope's path and the name for users, which no two share
     */
    Map<String, String> layers() {
        var found = new HashSet<String>();
        collect(outermost(), found);
        var paths = contents.keySet().stream().filter(found::contains).toList();
        boolean numbered = isNumbered(paths);
        var names = new LinkedHashMap<String, String>();
        var taken = new HashSet<String>();
        for (String path : paths) {
            var name = name(path, found, numbered);
            var unique = name;
            for (int i = 2; !taken.add(unique); i++) {
                unique = name + "#" + i; // a shared layer, called again
            }
            names.put(path, unique);
        }
        return names;
    }

    /** The nodes of a scope that have values of the input, in topological order. */
    List<NodeDef> nodes(String path) {
        return content(path).nodes;
    }

    /** The scope of the whole model: the one whose children are layers. */
    private String outermost() {
        var path = "";
        while (content(path).children.size() == 1) {
            var only = content(path).children.iterator().next();
            // Sequential and subclassed models name their layers' variables after themselves, too.
            boolean model =
                    path.isEmpty() && content(only).children.stream().anyMatch(bound::containsKey);
            boolean layer = bound.containsKey(only) && !model && !holdsNamelessLayers(only);
            if (layer || content(only).children.isEmpty()) {
                break;
            }
            path = only;
        }
        return path;
    }

    /**
     * Layers are the children of a model's scope; one that holds layers with weights is a model.
     */
    private void collect(String container, Set<String> paths) {
        for (String child : content(container).children) {
            paths.add(child);
            if (content(child).children.stream().anyMatch(bound::containsKey)
                    || holdsNamelessLayers(child)) {
                collect(child, paths);
            }
        }
    }

    /**
     * Whether this is a model of a class of its own, or a layer made of layers: Keras may name
     * their variables after the whole alone ({@code sub/kernel}), so that only the scopes show the
     * parts.
     */
    private boolean holdsNamelessLayers(String path) {
        var children = content(path).children;
        return children.stream().noneMatch(bound::containsKey)
                && children.stream().filter(weighted::contains).count() > 1;
    }

    private boolean isNumbered(List<String> paths) {
        if (!bound.isEmpty()) {
            long numbered =
                    bound.entrySet().stream()
                            .filter(entry -> !last(entry.getKey()).equals(entry.getValue()))
                            .count();
            return numbered * 2 > bound.size();
        }
        var names = paths.stream().map(KerasNames::last).toList();
        var stripped = names.stream().map(name -> NUMBER.matcher(name).replaceFirst("")).toList();
        return !names.isEmpty()
                && names.stream().allMatch(name -> NUMBER.matcher(name).find())
                && Set.copyOf(stripped).size() == stripped.size()
                && stripped.stream().noneMatch(names::contains);
    }

    /** A layer's name, after that of the layer or model that it is a part of. */
    private String name(String path, Set<String> layers, boolean numbered) {
        var own = ownName(path, numbered);
        var parent = parent(path);
        return layers.contains(parent) ? name(parent, layers, numbered) + "/" + own : own;
    }

    private String ownName(String path, boolean numbered) {
        var known = bound.get(path);
        if (known != null) {
            return known;
        }
        var stripped = NUMBER.matcher(last(path)).replaceFirst("");
        // a layer without weights has not the name of one that is known by its weights
        return numbered && !bound.containsValue(stripped) ? stripped : last(path);
    }
}
