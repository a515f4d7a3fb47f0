package stir.backend.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.api.support.NearestNames;
import stir.backend.djl.exported.ExportedProgram;
import stir.backend.djl.exported.ModuleValues;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.ListedLayer;
import stir.backend.djl.libtorch.UnknownOperation;

/** A network in a file of {@code torch.export.save}. */
final class ExportedFile implements NetworkFile {
    private static final String INPUT = "@in";

    private final Path file;
    private final Supplier<Path> scratch;
    private final FileTime modified;
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
        this.scratch = scratch;
        this.modified = modified();
        this.program = ExportedProgram.read(file, inputs, scratch);
    }

    private FileTime modified() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, IoReason.of(e)), e);
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Arguments arguments() {
        return program.arguments();
    }

    @Override
    public @Nullable List<Long> stated(String name) {
        return program.stated().get(name);
    }

    @Override
    public void write(Path copy, HookedSource source, Collection<UnknownOperation> unknown) {
        if (!modified().equals(modified)) {
            throw new DataException("%s has changed since it was opened: run the same command again.".formatted(file));
        }
        program.write(copy, source, unknown, scratch);
    }

    @Override
    public boolean hasFusedAttention() {
        return program.hasFusedAttention();
    }

    @Override
    public Optional<String> training() {
        return program.training();
    }

    @Override
    public Optional<String> precision() {
        return program.precision();
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
        return program.layers(lines);
    }

    @Override
    public HookedSource listing() {
        return program.listing();
    }

    @Override
    public String kind(String layer) {
        return program.layer(layer).map(ModuleValues.LayerValue::kind).orElse("variable");
    }

    @Override
    public HookedSource hook(String layer, FakeRelu fakeRelu) {
        return program.hook(variable(layer), fakeRelu);
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
        var results = program.layers().keySet().stream()
                .filter(name -> name.startsWith(layer + ":"))
                .toList();
        if (!results.isEmpty()) {
            throw new UsageException(
                    "%s returns several tensors: use one of %s.".formatted(layer, String.join(", ", results)));
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
        program.precision().ifPresent(precision -> facts.put("precision", precision));
        return facts;
    }
}
