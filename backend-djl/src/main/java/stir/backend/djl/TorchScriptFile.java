package stir.backend.djl;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import stir.api.FakeRelu;
import stir.api.Shape;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.ListedLayer;
import stir.backend.djl.libtorch.UnknownOperation;
import stir.backend.djl.torchscript.TorchScriptArchive;

/**
 * A network in a TorchScript archive, traced or scripted.
 *
 * @param archive the archive
 */
record TorchScriptFile(TorchScriptArchive archive) implements NetworkFile {
    @Override
    public Path file() {
        return archive.file();
    }

    @Override
    public Arguments arguments() {
        return archive.network().arguments();
    }

    @Override
    public @Nullable List<Long> stated(String name) {
        return archive.stated(name);
    }

    @Override
    public void write(Path copy, HookedSource source, Collection<UnknownOperation> unknown) {
        archive.write(copy, source.sources(), unknown);
    }

    @Override
    public boolean hasFusedAttention() {
        return archive.network().hasFusedAttention();
    }

    @Override
    public Optional<String> training() {
        return Optional.ofNullable(archive.network().trainingMode());
    }

    @Override
    public Optional<String> precision() {
        return archive.precision();
    }

    @Override
    public HookedSource listing() {
        return archive.network().listing();
    }

    @Override
    public Shape input() {
        return archive.inputShape();
    }

    @Override
    public OptionalInt rows() {
        return archive.tracedInput().isPresent()
                ? OptionalInt.of(Math.toIntExact(archive.tracedInput().get().get(0)))
                : OptionalInt.empty();
    }

    @Override
    public Optional<String> defaultLayer() {
        return archive.network().defaultLayer();
    }

    @Override
    public List<ListedLayer> layers() {
        return archive.network().layers();
    }

    @Override
    public List<ListedLayer> layers(List<String> lines) {
        return archive.network().layers(lines);
    }

    @Override
    public String kind(String layer) {
        return archive.network().kind(layer);
    }

    @Override
    public HookedSource hook(String layer, FakeRelu fakeRelu) {
        return archive.network().hook(layer, fakeRelu);
    }

    @Override
    public Map<String, String> origin() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("format", "TorchScript");
        if (archive.tracedInput().isPresent()) {
            facts.put("exporter", "torch.jit.trace");
        }
        archive.precision().ifPresent(precision -> facts.put("precision", precision));
        return facts;
    }
}
