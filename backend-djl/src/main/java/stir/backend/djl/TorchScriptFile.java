package stir.backend.djl;

import stir.api.FakeRelu;
import stir.api.Shape;
import stir.backend.djl.torchscript.HookedSource;
import stir.backend.djl.torchscript.ListedLayer;
import stir.backend.djl.torchscript.TorchScriptArchive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network in a TorchScript archive, traced or scripted.
 *
 * @param archive the archive
 */
record TorchScriptFile(TorchScriptArchive archive) implements NetworkFile {
    /** Does nothing, since the user's file is the content. */
    @Override
    public void prepare() {}

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

    /** Does nothing, since the archive is the user's. */
    @Override
    public void close() {}
}
