package stir.cli.report;

import stir.api.BackendProvider;
import stir.api.Device;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The backends that there are. */
public final class BackendList implements Report {
    private final List<BackendProvider> backends;
    private final Map<String, List<Device>> devices;

    /**
     * A list.
     *
     * @param backends in their order
     * @param devices the devices of a backend by its id, as far as they were asked for
     */
    public BackendList(Collection<BackendProvider> backends, Map<String, List<Device>> devices) {
        this.backends = List.copyOf(backends);
        this.devices = new LinkedHashMap<>(devices);
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-backends/1");
        var list = root.putArray("backends");
        for (var backend : backends) {
            var entry = list.addObject();
            entry.put("id", backend.id());
            entry.put("description", backend.description());
            entry.set("settings", JsonDocument.texts(backend.settings()));
            var found = devices.get(backend.id());
            if (found != null) {
                entry.set(
                        "devices",
                        JsonDocument.texts(found.stream().map(Device::toString).toList()));
            }
        }
        return JsonDocument.of(root);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("backend", "description", "devices");
        for (var backend : backends) {
            var names =
                    devices.getOrDefault(backend.id(), List.of()).stream()
                            .map(Device::toString)
                            .toList();
            table.row(backend.id(), backend.description(), String.join(" ", names));
        }
        return table;
    }

    @Override
    public String text() {
        if (backends.isEmpty()) {
            return "There are no backends.\n";
        }
        var text = new StringBuilder();
        for (var backend : backends) {
            text.append(backend.id()).append("    ").append(backend.description()).append('\n');
            var found = devices.get(backend.id());
            if (found != null) {
                var names = found.stream().map(Device::toString).toList();
                text.append("    devices: ").append(String.join(", ", names)).append('\n');
            }
            backend.settings()
                    .forEach(
                            (name, explained) ->
                                    text.append("    %s=...  %s\n".formatted(name, explained)));
        }
        return text.toString();
    }
}
