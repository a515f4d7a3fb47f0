package stir.backend.tf.saved;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.proto.NodeDef;

/**
 * The names of Keras's layers, derived from the scopes of node names.
 *
 * <p>Keras 2 exports the layer {@code conv} as the scope {@code model/conv}; Keras 3 as {@code
 * model_1/conv_1}, or {@code conv_2} if {@code conv_1} is taken, so an exact match may be another
 * layer. For a layer with weights, the variable that the scope reads determines the name (the
 * variable is called {@code conv/kernel}); other layers follow the convention of the majority of
 * those. Without variables (frozen graphs), the numbers are removed as Keras 3's if every outermost
 * layer's scope has one and all remaining names are unique; and the scopes of several layers, as
 * those of TensorFlow 1, are recognised by their operations.
 */
final class KerasNames {
    private static final Pattern NUMBER = Pattern.compile("_\\d+$");

    /** Keras 3's scopes of layers: lower case, with a number. */
    private static final Pattern LAYER_SCOPE = Pattern.compile("[a-z]\\w*_\\d+");

    /** The child scopes of a scope, and its nodes that depend on the input. */
    private static final class ScopeContent {
        private final Set<String> children = new HashSet<>();
        private final List<NodeDef> nodes = new ArrayList<>();
    }

    private final Map<String, ScopeContent> contents = new LinkedHashMap<>();
    private final Map<String, String> bound = new HashMap<>();
    private final Set<String> substantial = new HashSet<>();

    /**
     * Reads the scopes.
     *
     * @param nodes the nodes that depend on the input, in topological order
     * @param reads Keras's names of variables, by the nodes that read them
     * @param parts the nodes whose scopes are layers or contain layers: those that read variables
     *     or, without variables, those with an operation that characterises a layer
     */
    KerasNames(List<NodeDef> nodes, Map<String, String> reads, Collection<String> parts) {
        contents.put("", new ScopeContent());
        for (NodeDef node : nodes) {
            for (String path : scopes(node.getName())) {
                contents.computeIfAbsent(path, unused -> new ScopeContent())
                        .nodes
                        .add(node);
                content(parent(path)).children.add(path);
            }
        }
        reads.forEach(this::bind);
        parts.forEach(part -> substantial.addAll(scopes(part)));
    }

    private ScopeContent content(String path) {
        return contents.computeIfAbsent(path, unused -> new ScopeContent());
    }

    /** Returns the scopes of a node, outermost first: {@code a}, {@code a/b} of {@code a/b/c}. */
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
     * Derives the names of layers from a variable {@code layer/kernel} and the scopes of a node
     * that reads it.
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
     * Returns the layers' scopes and names, in the order of their first nodes. Part of a layer or
     * of a model in the model is called {@code encoder/conv}, the second call of a shared layer
     * {@code dense#2}.
     *
     * @return the unique names for users, by the scopes' paths
     */
    Map<String, String> layers() {
        var layerPaths = new HashSet<String>();
        collect(outermost(), layerPaths);
        var paths = contents.keySet().stream().filter(layerPaths::contains).toList();
        boolean numbered = isNumbered(paths);
        var names = new LinkedHashMap<String, String>();
        var taken = new HashSet<String>();
        for (String path : paths) {
            var name = name(path, layerPaths, numbered);
            var unique = name;
            for (int i = 2; !taken.add(unique); i++) {
                unique = name + "#" + i; // a further call of a shared layer
            }
            names.put(path, unique);
        }
        return names;
    }

    /** Returns the nodes of a scope that depend on the input, in topological order. */
    List<NodeDef> nodes(String path) {
        return content(path).nodes;
    }

    /** Returns the scope of the whole model: the one whose children are layers. */
    private String outermost() {
        var path = "";
        while (content(path).children.size() == 1) {
            var only = content(path).children.iterator().next();
            // Sequential and subclassed models prefix their layers' variables with their own name,
            // too
            boolean model = path.isEmpty() && content(only).children.stream().anyMatch(bound::containsKey);
            boolean layer = bound.containsKey(only) && !model && !containsNamelessLayers(only);
            if (layer || content(only).children.isEmpty()) {
                break;
            }
            path = only;
        }
        return path;
    }

    /** Adds a model's child scopes as layers; children that contain layers are models, too. */
    private void collect(String container, Set<String> paths) {
        for (String child : content(container).children) {
            paths.add(child);
            if (content(child).children.stream().anyMatch(bound::containsKey) || containsNamelessLayers(child)) {
                collect(child, paths);
            }
        }
    }

    /**
     * Returns whether a scope is a model of a custom class, or a layer made of layers. Keras may
     * name their variables after the whole ({@code sub/kernel}), so that only the scopes reveal the
     * parts.
     */
    private boolean containsNamelessLayers(String path) {
        var children = content(path).children;
        var parts = children.stream().filter(substantial::contains).toList();
        return children.stream().noneMatch(bound::containsKey)
                && (parts.size() > 1 || (parts.size() == 1 && isLayer(parts.get(0))));
    }

    /**
     * Returns whether a part of a scope is a layer and not an operation ({@code batchnorm}, {@code
     * Tensordot_1}): it contains layers, or has the form of Keras 3's scopes.
     */
    private boolean isLayer(String path) {
        return LAYER_SCOPE.matcher(last(path)).matches() || containsNamelessLayers(path);
    }

    private boolean isNumbered(List<String> paths) {
        if (!bound.isEmpty()) {
            long numbered = bound.entrySet().stream()
                    .filter(entry -> !last(entry.getKey()).equals(entry.getValue()))
                    .count();
            return numbered * 2 > bound.size();
        }
        var names = paths.stream()
                .filter(path -> !paths.contains(parent(path)))
                .map(KerasNames::last)
                .toList();
        var stripped = names.stream()
                .map(name -> NUMBER.matcher(name).replaceFirst(""))
                .toList();
        return !names.isEmpty()
                && names.stream().allMatch(name -> NUMBER.matcher(name).find())
                && Set.copyOf(stripped).size() == stripped.size()
                && stripped.stream().noneMatch(names::contains);
    }

    /** Returns a layer's name, prefixed with that of the layer or model that contains it. */
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
        // a layer without weights does not take the name of one that is identified by its weights
        return numbered && !bound.containsValue(stripped) ? stripped : last(path);
    }
}
