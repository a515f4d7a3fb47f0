package stir.backend.djl.exported;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inlining of the subgraphs that compute as the rest of a program does: blocks in which
 * autocast is switched off.
 */
final class Subgraphs {
    private static final String AUTOCAST = "torch.ops.higher_order.wrap_with_autocast";
    private static final int ENABLED = 2;
    private static final int GRAPH = 4;

    private int inlined;

    private Subgraphs() {}

    /** Returns the operators of a graph with those of such subgraphs in their places. */
    static List<JsonElement> inlined(List<JsonElement> nodes) {
        return new Subgraphs().inline(nodes);
    }

    private List<JsonElement> inline(List<JsonElement> nodes) {
        var all = new ArrayList<JsonElement>();
        for (var node : nodes) {
            all.addAll(inline(Json.object(node, "nodes")).orElseGet(() -> List.of(node)));
        }
        return all;
    }

    /** Returns the operators of a node's subgraph; empty if it is not such a node. */
    private Optional<List<JsonElement>> inline(JsonObject node) {
        if (!Json.text(node, "target").equals(AUTOCAST)) {
            return Optional.empty();
        }
        var arguments = Json.list(node, "inputs").stream()
                .map(input -> Json.get(Json.object(input, "inputs"), "arg"))
                .map(argument -> Json.only(argument, "arg"))
                .toList();
        if (arguments.size() <= GRAPH
                || !arguments.get(GRAPH).getKey().equals("as_graph")
                || !arguments.get(ENABLED).getValue().equals(new JsonPrimitive(false))) {
            return Optional.empty();
        }
        var graph = Json.object(Json.object(arguments.get(GRAPH).getValue(), "as_graph"), "graph");
        var body = inline(Json.list(graph, "nodes"));
        var names = new HashMap<String, String>();
        for (var inner : body) {
            for (var output : Json.list(Json.object(inner, "nodes"), "outputs")) {
                for (var name : GraphArgument.outputs(output, new ArrayList<>())) {
                    names.put(name, "inlined%d_%s".formatted(inlined, name));
                }
            }
        }
        inlined++;
        boolean matches = rename(Json.list(graph, "outputs"), Json.list(node, "outputs"), names)
                && rename(
                        Json.list(graph, "inputs"),
                        Json.list(node, "inputs").stream()
                                .skip(GRAPH + 1L)
                                .map(input -> Json.get(Json.object(input, "inputs"), "arg"))
                                .toList(),
                        names);
        return matches
                ? Optional.of(body.stream().map(inner -> renamed(inner, names)).toList())
                : Optional.empty();
    }

    /** Adds the names outside for those inside; returns whether all are tensors. */
    private static boolean rename(List<JsonElement> inside, List<JsonElement> outside, Map<String, String> names) {
        if (inside.size() != outside.size()) {
            return false;
        }
        for (int i = 0; i < inside.size(); i++) {
            var inner = Json.only(inside.get(i), "graph");
            var outer = Json.only(outside.get(i), "arg");
            if (!inner.getKey().equals("as_tensor") || !outer.getKey().equals("as_tensor")) {
                return false;
            }
            names.put(
                    Json.text(Json.object(inner.getValue(), "as_tensor"), "name"),
                    Json.text(Json.object(outer.getValue(), "as_tensor"), "name"));
        }
        return true;
    }

    /** Returns a copy in which values have other names. */
    private static JsonElement renamed(JsonElement element, Map<String, String> names) {
        if (element instanceof JsonArray array) {
            var copy = new JsonArray();
            array.forEach(one -> copy.add(renamed(one, names)));
            return copy;
        }
        if (!(element instanceof JsonObject object)) {
            return element;
        }
        boolean isValue = !object.has("arg") && !object.has("target");
        var copy = new JsonObject();
        for (var member : object.entrySet()) {
            boolean isName = member.getKey().equals("as_name")
                    || (isValue && member.getKey().equals("name"));
            copy.add(
                    member.getKey(),
                    isName && member.getValue().isJsonPrimitive()
                            ? new JsonPrimitive(names.getOrDefault(
                                    member.getValue().getAsString(),
                                    member.getValue().getAsString()))
                            : renamed(member.getValue(), names));
        }
        return copy;
    }
}
