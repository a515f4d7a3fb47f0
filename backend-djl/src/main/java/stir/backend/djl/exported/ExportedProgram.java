package stir.backend.djl.exported;

import com.google.gson.JsonObject;

import stir.api.DataException;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.support.IoReason;
import stir.backend.djl.torchscript.ArchiveRecords;
import stir.backend.djl.torchscript.SourceException;
import stir.backend.djl.torchscript.TorchScriptArchive;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

/**
 * A program that {@code torch.export.save} wrote (a file that is usually called {@code .pt2}),
 * rewritten as a TorchScript archive, whose variables are the values of the program's graph.
 * Immutable.
 *
 * @param archive the network as TorchScript
 * @param version the version of PyTorch that exported the program
 * @param inputShape the shape of one input; free sizes are unknown
 * @param rows the number of inputs for which it was exported; empty if any number is accepted
 * @param modules the paths of all modules, those that compute nothing included
 */
public record ExportedProgram(
        TorchScriptArchive archive,
        String version,
        Shape inputShape,
        OptionalInt rows,
        ModuleValues values,
        Set<String> modules) {
    private static final String FOLDER = "net/";
    private static final Pattern CALL = Pattern.compile("(.*?)(?:#(\\d{1,6}))?");
    private static final int BUFFER = 1 << 16;

    /** The newest version of operators in libtorch 2.7; older ones have other arguments. */
    private static final String OPERATORS = "10\n";

    /** An empty tuple. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    /**
     * Reads a program and writes it as TorchScript.
     *
     * @param file the program's file
     * @param inputs the network's side inputs
     * @param script the file to write, which the caller deletes
     * @param scratch names files that are deleted before this returns
     * @throws DataException if the file is damaged, or the program can't be run
     */
    public static ExportedProgram read(
            Path file, SideInputs inputs, Path script, Supplier<Path> scratch) {
        try (var archive = new ExportArchive(file, scratch)) {
            var program = archive.program();
            var graph = new ProgramGraph(program, file.toString(), inputs);
            write(graph, archive, script);
            var network = TorchScriptArchive.read(script, file, graph.given(), graph.stated());
            return new ExportedProgram(
                    network,
                    version(program),
                    graph.inputShape(),
                    graph.rows(),
                    new ModuleValues(graph),
                    modules(program));
        } catch (ZipException | EOFException e) {
            throw new DataException(
                    "%s is damaged or truncated: copy or export it again.".formatted(file), e);
        } catch (SourceException e) {
            throw e.refusal(file);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, IoReason.of(e)), e);
        }
    }

    private static String version(JsonObject program) {
        return Json.find(program, "torch_version")
                .map(found -> Json.text(found, "torch_version"))
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

    private static void write(ProgramGraph graph, ExportArchive archive, Path script)
            throws IOException {
        try (var out =
                new ZipOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(script), BUFFER))) {
            var pickle = new PickleWriter("__torch__", "Net");
            var numbers = new HashMap<StoredRecord, Integer>();
            for (var attribute : graph.attributes()) {
                var tensor = archive.tensor(attribute);
                var known = numbers.get(tensor.values());
                int number = known == null ? numbers.size() : known;
                if (known == null) {
                    numbers.put(tensor.values(), number);
                    tensor.values()
                            .records()
                            .store(tensor.values().entry(), FOLDER + "data/" + number, out);
                }
                pickle.add(attribute.name(), Integer.toString(number), tensor);
            }
            put(out, "data.pkl", pickle.end());
            put(out, "code/__torch__.py", text(graph.source()));
            put(out, "constants.pkl", NO_CONSTANTS);
            put(out, "version", text(OPERATORS));
            put(out, "byteorder", text("little"));
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        ArchiveRecords.store(FOLDER + name, bytes, out);
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
                ? values.input(
                        form.group(1), form.group(2) == null ? -1 : Integer.parseInt(form.group(2)))
                : Optional.empty();
    }
}
