package stir.backend.djl.exported;

import com.google.gson.JsonObject;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.support.IoReason;
import stir.backend.djl.libtorch.ArchiveRecords;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.ListedLayer;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SinglePrecision;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;
import stir.backend.djl.libtorch.TensorCheck;
import stir.backend.djl.libtorch.UnknownOperation;

/**
 * A program that {@code torch.export.save} wrote, in a file usually called {@code .pt2}. Immutable.
 */
public final class ExportedProgram {
    private static final String FOLDER = "net/";
    private static final Pattern CALL = Pattern.compile("(.*?)(?:#(\\d{1,6}))?");
    private static final Pattern LINE = Pattern.compile("(\\w+) (True|False) \\[(.*)]");
    private static final int BUFFER = 1 << 16;

    /** The newest version of operators in libtorch 2.7; older ones have other arguments. */
    private static final String OPERATORS = "10\n";

    /** An empty tuple. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private final Path file;
    private final ProgramGraph graph;
    private final ProgramOperators operators;
    private final ModuleValues values;
    private final String version;
    private final Set<String> modules;
    private final Set<String> converted;
    private final ProgramSource source;

    private ExportedProgram(Path file, ProgramGraph graph, JsonObject program, Set<String> types) {
        this.file = file;
        this.graph = graph;
        this.operators = new ProgramOperators(graph);
        this.values = new ModuleValues(graph, operators);
        this.version = version(program);
        this.modules = modules(program);
        this.converted = SinglePrecision.converted(types);
        this.source = new ProgramSource(graph, operators, !converted.isEmpty());
        SourceBounds.check(listing().sources().values());
    }

    /**
     * Reads a program, and checks all that it holds.
     *
     * @param file the program's file
     * @param inputs the network's side inputs
     * @param scratch names files that are deleted before this returns
     * @throws DataException if the file is damaged, or the program can't be run
     */
    public static ExportedProgram read(Path file, SideInputs inputs, Supplier<Path> scratch) {
        try (var archive = new ExportArchive(file, scratch)) {
            var program = archive.program();
            var graph = new ProgramGraph(program, file.toString(), inputs);
            return new ExportedProgram(file, graph, program, types(file, graph, archive));
        } catch (ZipException | EOFException e) {
            throw new DataException("%s is damaged or truncated: copy or export it again.".formatted(file), e);
        } catch (SourceException e) {
            throw e.refusal(file);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, IoReason.of(e)), e);
        }
    }

    /** Checks the tensors that a program holds, and returns the types of their storages. */
    private static Set<String> types(Path file, ProgramGraph graph, ExportArchive archive) throws IOException {
        var types = new HashSet<String>();
        var verified = new HashSet<StoredRecord>();
        for (var attribute : graph.attributes()) {
            var tensor = archive.tensor(attribute);
            var record = tensor.values();
            var name = record.entry().getName();
            var storage = new Pickle.Storage(tensor.type(), name, tensor.elements());
            var fault = new TensorCheck("", Map.of(name, record.entry().getSize()))
                    .fault(new Pickle.TensorView(storage, tensor.offset(), tensor.sizes(), tensor.strides()));
            if (fault != null) {
                throw new DataException("%s is damaged (%s): copy or export it again.".formatted(file, fault));
            }
            if (verified.add(record)) {
                record.records().verify(record.entry());
            }
            types.add(tensor.type());
        }
        return types;
    }

    private static String version(JsonObject program) {
        return Json.find(program, "torch_version")
                .map(version -> Json.text(version, "torch_version"))
                .orElse("of an unknown version");
    }

    private static Set<String> modules(JsonObject program) {
        var module = Json.object(program, "graph_module");
        return Json.find(module, "module_call_graph")
                .map(calls -> Json.list(calls, "module_call_graph"))
                .orElse(List.of())
                .stream()
                .map(call -> Json.text(Json.object(call, "module_call_graph"), "fqn"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Writes an archive that libtorch loads: a class with the given source, and the tensors.
     *
     * @param unknown the operations that libtorch does not support
     * @param scratch names files that are deleted before this returns
     * @throws stir.api.BackendException if the archive can't be written
     * @throws DataException if the program's file has changed
     */
    public void write(Path copy, HookedSource hooked, Collection<UnknownOperation> unknown, Supplier<Path> scratch) {
        try (var archive = new ExportArchive(file, scratch);
                var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(copy), BUFFER))) {
            put(out, "data.pkl", tensors(archive, out));
            for (var text : hooked.sources().entrySet()) {
                var changed = text.getValue();
                for (var operation : unknown) {
                    changed = operation.fails(changed);
                }
                put(out, "code/" + text.getKey(), bytes(changed));
            }
            put(out, "constants.pkl", NO_CONSTANTS);
            put(out, "version", bytes(OPERATORS));
            put(out, "byteorder", bytes("little"));
        } catch (IOException | SourceException e) {
            throw ArchiveRecords.notCopied(file, copy, e);
        }
    }

    /** Writes the values of all tensors, each storage once, and returns the pickle of them. */
    private byte[] tensors(ExportArchive archive, ZipOutputStream out) throws IOException {
        var pickle = new PickleWriter("__torch__", "Net");
        var numbers = new HashMap<StoredRecord, Integer>();
        for (var attribute : graph.attributes()) {
            var tensor = archive.tensor(attribute);
            boolean converts = converted.contains(tensor.type());
            var record = tensor.values();
            var known = numbers.get(record);
            int number = known == null ? numbers.size() : known;
            var name = FOLDER + "data/" + number;
            if (known == null) {
                numbers.put(record, number);
                if (converts) {
                    SinglePrecision.store(record.records(), record.entry(), tensor.type(), name, out);
                } else {
                    record.records().store(record.entry(), name, out);
                }
            }
            pickle.add(
                    attribute.name(), Integer.toString(number), converts ? tensor.as(SinglePrecision.SINGLE) : tensor);
        }
        return pickle.end();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        ArchiveRecords.store(FOLDER + name, bytes, out);
    }

    /** Returns the version of PyTorch that exported the program. */
    public String version() {
        return version;
    }

    /** Returns the shape of one input; free sizes are unknown. */
    public Shape inputShape() {
        return graph.inputShape();
    }

    /** Returns the number of inputs for which it was exported; empty if any number is accepted. */
    public OptionalInt rows() {
        return graph.rows();
    }

    /** Returns the inputs of the program. */
    public Arguments arguments() {
        return new Arguments(graph.inputs(), graph.input(), graph.given());
    }

    /** Returns the sizes of all inputs with that of the batch first, -1 where they are free. */
    public Map<String, List<Long>> stated() {
        return graph.stated();
    }

    /** Returns the paths of all modules, those that compute nothing included. */
    public Set<String> modules() {
        return modules;
    }

    /** Returns the precision of weights that are converted to single precision, if any are. */
    public Optional<String> precision() {
        return SinglePrecision.name(converted);
    }

    /** Returns a function that trains, if the program was exported in training mode. */
    public Optional<String> training() {
        return operators.training();
    }

    /** Returns whether it contains attention that computes otherwise with gradients. */
    public boolean hasFusedAttention() {
        return fusedAttention() < graph.nodes().size();
    }

    /** Returns the index of the first attention without gradients, or the number of operators. */
    private int fusedAttention() {
        int index = 0;
        while (index < graph.nodes().size()
                && !FusedAttention.is(graph.nodes().get(index).function())) {
            index++;
        }
        return index;
    }

    /** Returns the source that ends at a value of the graph. */
    public HookedSource hook(String value, FakeRelu wanted) {
        return source.hook(value, wanted);
    }

    /** Returns the source that lists the layers, for {@link #layers(List)}. */
    public HookedSource listing() {
        return source.listing(values.layers().values().stream()
                .map(ModuleValues.LayerValue::variable)
                .collect(Collectors.toSet()));
    }

    /** Returns the layers with the shapes that the listing gives, in the order of computation. */
    public List<ListedLayer> layers(List<String> lines) {
        var listed = new HashMap<String, String>();
        lines.forEach(line -> listed.put(line.substring(0, line.indexOf(' ')), line));
        int fused = fusedAttention();
        var definitions = graph.definitions();
        var layers = new ArrayList<ListedLayer>();
        values.layers().forEach((name, value) -> {
            var line = LINE.matcher(listed.getOrDefault(value.variable(), ""));
            if (line.matches()) {
                layers.add(new ListedLayer(
                        name,
                        value.kind(),
                        sizes(line.group(3)),
                        line.group(2).equals("True"),
                        definitions.getOrDefault(value.variable(), 0) > fused));
            }
        });
        return layers;
    }

    private static List<Long> sizes(String text) {
        return text.isEmpty()
                ? List.of()
                : Pattern.compile(", ").splitAsStream(text).map(Long::valueOf).toList();
    }

    /** Returns the layer that is measured by default; empty if there is none. */
    public Optional<String> defaultLayer() {
        return values.defaultLayer();
    }

    /** Returns the values by the layers' names, in the order of computation. */
    public Map<String, ModuleValues.LayerValue> layers() {
        return values.layers();
    }

    /** Returns the value of a layer; empty if there is none. */
    public Optional<ModuleValues.LayerValue> layer(String name) {
        return values.find(name);
    }

    /**
     * Returns the value that a module receives; empty if it is called with the network's own input
     * or computes nothing.
     *
     * @param call the module's path, with {@code #1} for its second call
     */
    public Optional<String> input(String call) {
        var form = CALL.matcher(call);
        return form.matches()
                ? values.input(form.group(1), form.group(2) == null ? -1 : Integer.parseInt(form.group(2)))
                : Optional.empty();
    }
}
