package stir.cli.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.BackendProvider;
import stir.api.Device;
import stir.core.io.files.Table;

/**
 * The list of the installed backends.
 *
 * @param backends the backends, in the order in which they are listed
 * @param devices the devices of a backend by its id, as far as they were asked for
 * @param noGpu the reason why a backend finds no GPU, by its id
 */
public record BackendList(List<BackendProvider> backends, Map<String, List<Device>> devices, Map<String, String> noGpu)
        implements Report {

    private record Document(String schema, List<Backend> backends) {}

    private record Backend(
            String id,
            String description,
            Map<String, String> settings,
            Optional<List<String>> devices,
            Optional<String> noGpu) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-backends/1", backends.stream().map(this::entry).toList()));
    }

    private Backend entry(BackendProvider backend) {
        return new Backend(backend.id(), backend.description(), backend.settings(), devices(backend), noGpu(backend));
    }

    private Optional<String> noGpu(BackendProvider backend) {
        return Optional.ofNullable(noGpu.get(backend.id()));
    }

    private Optional<List<String>> devices(BackendProvider backend) {
        return Optional.ofNullable(devices.get(backend.id()))
                .map(ofBackend -> ofBackend.stream().map(Device::toString).toList());
    }

    @Override
    public Table<?> table() {
        return new Table<>(backends)
                .column("backend", BackendProvider::id)
                .column("description", BackendProvider::description)
                .column("devices", backend -> devices(backend).map(names -> String.join(" ", names)));
    }

    @Override
    public String text() {
        if (backends.isEmpty()) {
            return "There are no backends.\n";
        }
        var text = new StringBuilder();
        for (var backend : backends) {
            text.append(Paragraph.hanging(backend.id() + "    ", backend.description()));
            devices(backend)
                    .map(names -> Paragraph.hanging("    devices: ", String.join(", ", names)))
                    .ifPresent(text::append);
            noGpu(backend)
                    .map(reason -> Paragraph.hanging("    no GPU: ", reason))
                    .ifPresent(text::append);
            var settings = backend.settings();
            settings.forEach(
                    (name, description) -> text.append(Paragraph.hanging("    %s=...  ".formatted(name), description)));
        }
        return text.toString();
    }
}
