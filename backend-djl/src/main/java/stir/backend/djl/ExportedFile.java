package stir.backend.djl;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.api.support.NearestNames;
import stir.backend.djl.exported.ExportedProgram;
import stir.backend.djl.exported.ModuleValues;
import stir.backend.djl.torchscript.HookedSource;
import stir.backend.djl.torchscript.ListedLayer;
import stir.backend.djl.torchscript.TorchScriptArchive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A network in a file of {@code torch.export.save}, prepared as a TorchScript archive. */
final class ExportedFile implements NetworkFile {
    private static final String INPUT = "@in";

    private final Path file;
    private final SideInputs inputs;
    private final Supplier<Path> scratch;
    private final FileTime modified;
    private final Path content;
    private final ExportedProgram program;

    /**
     * Opens a file.
     *
     * @param inputs the network's side inputs
     * @param scratch the function that creates files in the cache
     * @throws stir.api.DataException if it is damaged, or the program can't be run
     */
    ExportedFile(Path file, SideInputs inputs, Supplier<Path> scratch) {
        this.file = file;
        this.inputs = inputs;
        this.scratch = scratch;
        this.modified = modified();
        this.content = scratch.get();
        try {
            this.program = ExportedProgram.read(file, inputs, content, scratch);
        } catch (RuntimeException e) {
            delete(content);
            throw e;
        }
    }

    private FileTime modified() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, IoReason.of(e)), e);
        }
    }

    private static void delete(Path script) {
        try {
            Files.deleteIfExists(script);
        } catch (IOException e) {
            System.getLogger(ExportedFile.class.getName())
                    .log(System.Logger.Level.WARNING, "Could not delete " + script, e);
        }
    }

    @Override
    public TorchScriptArchive archive() {
        return program.archive();
    }

    /** Writes the archive again if another process has tidied the cache. */
    @Override
    public synchronized void prepare() {
        if (Files.exists(content)) {
            return;
        }
        if (!modified().equals(modified)) {
            throw new DataException(
                    "%s has changed since it was opened: run the same command again."
                            .formatted(file));
        }
        var again = scratch.get();
        try {
            ExportedProgram.read(file, inputs, again, scratch);
            Files.move(again, content, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(again);
            throw new BackendException(
                    "%s can't be prepared again in %s (%s): run the same command again."
                            .formatted(file, content.getParent(), IoReason.of(e)),
                    e);
        } catch (RuntimeException e) {
            delete(again);
            throw e;
        }
    }

    @Override
    public Shape input() {
        return program.inputShape();
    }

    @Override
    public OptionalInt rows() {
        return program.rows();
    }

    @Override
    public Optional<String> defaultLayer() {
        return program.defaultLayer();
    }

    @Override
    public List<ListedLayer> layers() {
        var layers = new ArrayList<ListedLayer>();
        for (var layer : program.layers().entrySet()) {
            var kind = layer.getValue().kind();
            layers.add(new ListedLayer(layer.getKey(), kind, List.of(), true, false));
        }
        return layers;
    }

    @Override
    public List<ListedLayer> layers(List<String> lines) {
        var variables = new HashMap<String, ListedLayer>();
        program.archive()
                .network()
                .layers(lines)
                .forEach(listed -> variables.put(listed.name(), listed));
        var layers = new ArrayList<ListedLayer>();
        program.layers()
                .forEach(
                        (name, value) -> {
                            var listed = variables.get(":" + value.variable());
                            if (listed != null) {
                                layers.add(
                                        new ListedLayer(
                                                name,
                                                value.kind(),
                                                listed.shape(),
                                                listed.differentiable(),
                                                listed.afterFusedAttention()));
                            }
                        });
        return layers;
    }

    @Override
    public String kind(String layer) {
        return program.layer(layer).map(ModuleValues.LayerValue::kind).orElse("variable");
    }

    @Override
    public HookedSource hook(String layer, FakeRelu fakeRelu) {
        return program.archive().network().hook(":" + variable(layer), fakeRelu);
    }

    /** Returns the name in the graph of a layer's value. */
    private String variable(String layer) {
        var value = program.layer(layer);
        if (value.isPresent()) {
            return value.get().variable();
        }
        if (layer.startsWith(":")) {
            return layer.substring(1);
        }
        if (layer.endsWith(INPUT)) {
            var input = program.input(layer.substring(0, layer.length() - INPUT.length()));
            if (input.isPresent()) {
                return input.get();
            }
        }
        var results =
                program.layers().keySet().stream()
                        .filter(name -> name.startsWith(layer + ":"))
                        .toList();
        if (!results.isEmpty()) {
            throw new UsageException(
                    "%s returns several tensors: use one of %s."
                            .formatted(layer, String.join(", ", results)));
        }
        if (program.modules().contains(layer)) {
            throw new UsageException(
                    "%s is an identity in evaluation mode, so the export omits it: use the layer before it."
                            .formatted(layer));
        }
        throw NearestNames.unknownLayer(layer, program.layers().keySet());
    }

    @Override
    public Map<String, String> origin() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("format", "torch.export");
        facts.put("exporter", "PyTorch " + program.version());
        program.archive().precision().ifPresent(precision -> facts.put("precision", precision));
        return facts;
    }

    @Override
    public void close() {
        delete(content);
    }
}
