package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.ListedLayer;

/** The layers of a network, with numbers for repeated calls of a module. */
record ScriptLayers(ScriptNetwork network) {
    private static final Pattern LINE = Pattern.compile("(\\S+?)\\.?(@in|\\[\\S*])? (True|False) \\[(.*)]");

    /** Parses the lines of a listing. */
    List<ListedLayer> parse(List<String> lines) {
        var classifier = network.defaultLayer().orElse("");
        var raw = new ArrayList<ListedLayer>();
        boolean fused = false;
        for (String line : lines) {
            if (line.equals(FusedAttention.MARK)) {
                fused = true;
                continue;
            }
            var match = LINE.matcher(line);
            if (!match.matches() || line.startsWith("@") || line.startsWith("[")) {
                continue; // the network's own input or output
            }
            var suffix = match.group(2) == null ? "" : match.group(2);
            var name = match.group(1) + suffix;
            if (!suffix.equals("@in") || name.equals(classifier)) {
                raw.add(new ListedLayer(
                        name,
                        network.kind(name),
                        ScriptCode.split(match.group(4)).stream()
                                .map(Long::valueOf)
                                .toList(),
                        match.group(3).equals("True"),
                        fused));
            }
        }
        return numbered(raw);
    }

    /**
     * Numbers several calls of one module; the last keeps the plain name. Of a module that is
     * called under several names, other calls are omitted, since PyTorch counts its calls under any
     * name.
     */
    private List<ListedLayer> numbered(List<ListedLayer> layers) {
        var counts = new HashMap<String, Integer>();
        layers.forEach(layer -> counts.merge(layer.name(), 1, Integer::sum));
        var seen = new HashMap<String, Integer>();
        var numbered = new ArrayList<ListedLayer>();
        for (var layer : layers) {
            int call = seen.merge(layer.name(), 1, Integer::sum) - 1;
            boolean last = call == counts.getOrDefault(layer.name(), 1) - 1;
            if (last) {
                numbered.add(layer);
            } else if (network.calledPaths(module(layer.name())).size() == 1) {
                numbered.add(numbered(layer, call));
            }
        }
        return numbered;
    }

    /** Returns the path at the beginning of a layer's name. */
    private static String module(String name) {
        int suffix = name.indexOf('[');
        int input = name.indexOf("@in");
        return name.substring(0, suffix >= 0 ? suffix : input >= 0 ? input : name.length());
    }

    private static ListedLayer numbered(ListedLayer layer, int call) {
        int at = module(layer.name()).length();
        return new ListedLayer(
                layer.name().substring(0, at) + "#" + call + layer.name().substring(at),
                layer.kind(),
                layer.shape(),
                layer.differentiable(),
                layer.afterFusedAttention());
    }

    /** Returns the layers with unknown shapes, from the source alone. */
    List<ListedLayer> unmeasured() {
        var names = new ArrayList<ListedLayer>();
        addLayers(network.root(), network.forward(), "", names);
        var classifier = network.defaultLayer().orElse("");
        if (classifier.endsWith("@in")) {
            var module = classifier.substring(0, classifier.length() - "@in".length());
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).name().equals(module)) {
                    names.add(i, unmeasured(classifier));
                    break;
                }
            }
        }
        return numbered(names);
    }

    private void addLayers(ScriptClass owner, ScriptMethod method, String path, List<ListedLayer> names) {
        for (var call : network.calls().of(method)) {
            var called = network.calls().called(owner, call);
            if (called != null && called.owner().isModule()) {
                var inside = call.path().isEmpty() ? "" : String.join(".", call.path()) + ".";
                addLayers(called.owner(), called.method(), path + inside, names);
                if (network.isCalledForModules(called.method())) {
                    var name = (path + inside).replaceFirst("\\.$", "");
                    ResultType.tensors(called.method().returns())
                            .forEach(element -> names.add(unmeasured(name + element)));
                }
            }
        }
    }

    private ListedLayer unmeasured(String name) {
        return new ListedLayer(name, network.kind(name), List.of(), true, false);
    }
}
