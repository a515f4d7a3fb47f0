package stir.backend.djl.torchscript;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import stir.api.FakeRelu;
import stir.api.SideInputs;
import stir.api.support.NearestNames;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.ListedLayer;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SourceException;

/** The network in an archive, as its source describes it. Immutable and thread-safe. */
public record ScriptNetwork(
        ScriptCode code,
        MethodCalls calls,
        ReachingDefinitions flow,
        ScriptClass root,
        ScriptMethod forward,
        ModuleInputs inputs,
        Arguments arguments,
        SharedModules shared,
        Pickle.Instance instance) {
    private static final int MAX_NAMES = 5;
    private static final Pattern RUN_OF_MODULE = Pattern.compile("forward(\\d+|__\\d+)?");

    /**
     * Parses the source.
     *
     * @param sources the source files by their names
     * @param network the network's object
     * @param file the network's, for messages
     * @throws SourceException if the source does not have PyTorch's form, or if the network takes
     *     other values than tensors
     * @throws stir.api.UsageException if the side inputs are not those of the network
     */
    static ScriptNetwork of(Map<String, String> sources, Pickle.Instance network, String file, SideInputs given) {
        var code = new ScriptCode(sources);
        var calls = new MethodCalls(code);
        var root = code.find(network.type());
        var forward = root == null ? null : root.methods().get("forward");
        if (root == null || forward == null) {
            throw new SourceException("its network has no method forward", "export a module that has one");
        }
        var arguments = ForwardParameters.arguments(file, forward.parameters(), given);
        var flow = new ReachingDefinitions(calls, arguments.searched());
        Nesting.check("modules", root, owner -> submodules(code, owner));
        Nesting.check("calls", new MethodCalls.ClassMethod(root, forward), place -> called(calls, place));
        var inputs = new ModuleInputs(calls, flow, new Frame(null, null, root, forward));
        var shared = new SharedModules(network);
        var read = new ScriptNetwork(code, calls, flow, root, forward, inputs, arguments, shared, network);
        if (read.trainingMode() == null) { // otherwise the file is refused for that
            ModuleState.check(read);
        }
        return read;
    }

    /** Returns the frame of {@code forward}. */
    Frame frame() {
        return new Frame(null, null, root, forward);
    }

    private static List<ScriptClass> submodules(ScriptCode code, ScriptClass owner) {
        return owner.attributes().values().stream()
                .map(code::find)
                .filter(Objects::nonNull)
                .filter(ScriptClass::isModule)
                .toList();
    }

    private static List<MethodCalls.ClassMethod> called(MethodCalls calls, MethodCalls.ClassMethod place) {
        return calls.of(place.method()).stream()
                .map(call -> calls.called(place.owner(), call))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Returns the paths by which the network calls the module at a path: several if one module has
     * several.
     */
    List<String> calledPaths(String path) {
        return shared.of(path).stream()
                .filter(name ->
                        !calls.chains(root, forward, List.of(name.split("\\."))).isEmpty())
                .toList();
    }

    /** Returns whether a method runs when a module is called, as Python's hooks observe it. */
    boolean isCalledForModules(ScriptMethod method) {
        return RUN_OF_MODULE.matcher(method.name()).matches();
    }

    /**
     * Returns the source with an added method that ends at a hook.
     *
     * @param name the hook, in one of the forms {@code path}, {@code path#k}, {@code path@in},
     *     {@code path[0]}, {@code path["out"]}, {@code path:variable}, {@code :variable}
     * @param fakeRelu the ReLU that is to pass gradients unchanged, if there is one
     * @throws stir.api.UsageException if there is no such place
     */
    public HookedSource hook(String name, FakeRelu fakeRelu) {
        return HookRewriter.rewrite(this, HookPath.parse(name), fakeRelu);
    }

    /** Returns the source with a method that lists the layers, for {@link #layers(List)}. */
    public HookedSource listing() {
        return LayerListing.write(this);
    }

    /** Returns the layer that is measured by default; empty if there is none. */
    public Optional<String> defaultLayer() {
        return new ScriptOperators(this).defaultLayer();
    }

    /** Returns a weight of a module, or null if there is none. */
    Pickle.@Nullable TensorView weight(List<String> path, String name) {
        Pickle.@Nullable Instance module = instance;
        for (var next : path) {
            module = module == null ? null : module.instance(next);
        }
        return module != null && module.attributes().get(name) instanceof Pickle.TensorView tensor ? tensor : null;
    }

    /**
     * Parses the listing, in the order of computation.
     *
     * @param lines the result of the method of {@link #listing}
     */
    public List<ListedLayer> layers(List<String> lines) {
        return new ScriptLayers(this).parse(lines);
    }

    /** Returns the layers in the order of computation, with unknown shapes. */
    public List<ListedLayer> layers() {
        return new ScriptLayers(this).unmeasured();
    }

    /** Returns the kind of the operation at a hook: the class of its module. */
    public String kind(String hook) {
        var path = HookPath.parse(hook);
        var type = code.find(root, path.path());
        if (path.variable() != null) {
            return "variable";
        }
        if (type == null) {
            return path.input() ? "Module input" : "Module";
        }
        return type.simpleName()
                + (path.input() ? " input" : path.element() == null ? RecurrentResult.of(type, this) : "");
    }

    /** Returns the network's own variables, for hooks of the form {@code :variable}. */
    public List<String> variables() {
        return forward.variables();
    }

    /** Returns the network's name of its input. */
    public String inputName() {
        return arguments.searched();
    }

    /**
     * Returns a statement that replaces the input by a copy. So a network that works in place can't
     * change the caller's inputs, and the memory always has libtorch's alignment, which may affect
     * the last bits of values.
     */
    String cloneOfInput() {
        return inputName() + " = torch.clone(" + inputName() + ")";
    }

    /** Returns whether the modules were merged into one, as {@code torch.jit.freeze} does. */
    public boolean isFrozen() {
        return modules().isEmpty();
    }

    /** Returns the classes of all modules by their paths. */
    Map<String, ScriptClass> modules() {
        var modules = new LinkedHashMap<String, ScriptClass>();
        addModules(root, "", modules);
        return modules;
    }

    private void addModules(ScriptClass owner, String path, Map<String, ScriptClass> modules) {
        for (var attribute : owner.attributes().entrySet()) {
            var module = code.find(attribute.getValue());
            if (module != null && module.isModule()) {
                modules.put(path + attribute.getKey(), module);
                addModules(module, path + attribute.getKey() + ".", modules);
            }
        }
    }

    /** Returns, in one sentence, why a hook's module is never called. */
    String explainAbsence(HookPath hook) {
        var modules = modules();
        var uncalled = modules.get(hook.module());
        if (uncalled != null && !submodules(code, uncalled).isEmpty()) {
            return "%s is a container that the network does not call: use a layer inside it, or the layer after it."
                    .formatted(hook.module());
        }
        if (uncalled != null) {
            return explainUncalled(hook.module(), uncalled);
        }
        if (isFrozen()) {
            return "This archive was frozen and has no submodules left, so there is no '%s': hook a variable of its source, as in :x1, of %s."
                    .formatted(hook.module(), String.join(", ", forward.variables()));
        }
        return NearestNames.sentence("layer", hook.module(), modules.keySet());
    }

    /**
     * Explains a module without calls. Tracing records all calls of a module that has two paths
     * under one of them.
     */
    private String explainUncalled(String path, ScriptClass type) {
        var called = layers().stream()
                .map(ListedLayer::name)
                .filter(name -> kind(name).equals(type.simpleName()))
                .limit(MAX_NAMES)
                .toList();
        return "The network does not call %s under this name: use the layer after it%s."
                .formatted(
                        path,
                        called.isEmpty()
                                ? ""
                                : ", or, if the same %s has a second name, one of %s"
                                        .formatted(type.simpleName(), String.join(", ", called)));
    }

    /** Returns the texts of the files that added methods change. */
    Map<String, String> with(Map<ScriptClass, List<String>> added) {
        var sources = new LinkedHashMap<String, String>();
        added.keySet().stream().map(ScriptClass::file).distinct().forEach(file -> sources.put(file, with(file, added)));
        return sources;
    }

    private String with(String file, Map<ScriptClass, List<String>> added) {
        var lines = code.files().getOrDefault(file, List.of());
        var text = new StringBuilder();
        int from = 0;
        var owners = added.keySet().stream()
                .filter(owner -> owner.file().equals(file))
                .sorted(Comparator.comparingInt(ScriptClass::end))
                .toList();
        for (var owner : owners) {
            lines.subList(from, owner.end()).forEach(line -> text.append(line).append('\n'));
            added.getOrDefault(owner, List.of()).forEach(text::append);
            from = owner.end();
        }
        lines.subList(from, lines.size()).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * Returns a function in the source that computes with random numbers or the statistics of the
     * batch, which shows that the network was exported in training mode; null if there is none.
     */
    public @Nullable String trainingMode() {
        return TrainingMode.evidence(code);
    }

    /** Returns whether the source contains attention that computes otherwise with gradients. */
    public boolean hasFusedAttention() {
        return code.files().values().stream()
                .flatMap(List::stream)
                .anyMatch(line -> line.contains(FusedAttention.OPERATOR) || line.contains(FusedAttention.ENCODER));
    }
}
