package stir.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stir.core.extension.ExtensionSource;
import stir.core.io.files.ContentHash;
import stir.core.io.files.Table;

/**
 * The list of the backends and plug-ins that were loaded, with their jars.
 *
 * @param sources folders and jars in their order
 */
public record PluginList(List<ExtensionSource> sources) implements Report {

    private record Document(String schema, List<PluginDocument> plugins) {}

    private record PluginDocument(
            String name, Optional<String> version, Optional<String> stirApi, List<String> extensions, List<Jar> jars) {
        static PluginDocument of(ExtensionSource source) {
            return new PluginDocument(
                    source.name(),
                    source.version(),
                    source.apiRange(),
                    source.extensions(),
                    source.jars().stream()
                            .map(file -> new Jar(file.toString(), ContentHash.of(file)))
                            .toList());
        }
    }

    private record Jar(String file, String sha256) {}

    private record PluginJar(ExtensionSource source, Path jar) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-plugins/2", sources.stream().map(PluginDocument::of).toList()));
    }

    @Override
    public Table<?> table() {
        var rows = new ArrayList<PluginJar>();
        sources.forEach(source -> source.jars().forEach(jar -> rows.add(new PluginJar(source, jar))));
        return new Table<>(rows)
                .column("plugin", row -> row.source().name())
                .column("version", row -> row.source().version())
                .column("stir_api", row -> row.source().apiRange())
                .column("extensions", row -> String.join("; ", row.source().extensions()))
                .column("jar", row -> row.jar().toString())
                .column("sha256", row -> ContentHash.of(row.jar()));
    }

    @Override
    public String text() {
        if (sources.isEmpty()) {
            return "There are only the backends and plug-ins of the application.\n";
        }
        var text = new StringBuilder();
        for (var source : sources) {
            text.append(source.name());
            source.version().ifPresent(version -> text.append("  ").append(version));
            source.apiRange().ifPresent(range -> text.append("  for stir-api ").append(range));
            text.append("\n    ").append(String.join(", ", source.extensions())).append('\n');
            for (var jar : source.jars()) {
                text.append("    %.16s  %s%n".formatted(ContentHash.of(jar), jar.getFileName()));
            }
        }
        return text.append("The numbers are the first 16 digits of the SHA-256; --format json has all.\n")
                .toString();
    }
}
