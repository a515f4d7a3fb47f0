package stir.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stir.core.inversion.Inversion;
import stir.core.io.files.Sha256;

/**
 * The page's sources, which are resources next to this class: {@code page.html} with holes such as
 * <code>{{title}}</code>, the style, the scripts, and the library that draws charts.
 */
final class PageTemplate {
    private static final Pattern HOLE = Pattern.compile("\\{\\{([a-z-]+)}}");

    /** The scripts, in the order in which they run. */
    private static final List<String> SCRIPTS =
            List.of(("dom.js study.js layout.js figure.js table.js scores.js distributions.js"
                            + " heatmaps.js dots.js scaling.js kinship.js findings.js parts.js pair.js"
                            + " searches.js gallery.js contrasts.js differences.js groups.js similarities.js"
                            + " methods.js settings.js address.js page.js")
                    .split(" ", -1));

    private PageTemplate() {}

    /**
     * Returns the page.
     *
     * @param title the subject of the page, as plain text
     * @param version the version of Stir
     * @param data a JSON document
     */
    static String fill(String title, String version, String data) {
        var charts = resource("echarts.min.js");
        var script = new StringBuilder("\"use strict\";\n");
        SCRIPTS.forEach(name -> script.append(resource(name)));
        return fill(
                resource("page.html"),
                Map.of(
                        "title", escaped(title),
                        "version", escaped(version),
                        "style", resource("page.css"),
                        "charts", charts,
                        "same-inputs", Math.round(100 * Inversion.SAME_INPUTS) + " %",
                        "script", script.toString(),
                        "script-hashes", hash(charts) + " " + hash(script.toString()),
                        "data", data.replace("<", "\\u003c")));
    }

    /** Fills each hole once; holes in a filled-in text stay. */
    private static String fill(String template, Map<String, String> values) {
        return HOLE.matcher(template)
                .replaceAll(hole ->
                        Matcher.quoteReplacement(Objects.requireNonNull(values.get(hole.group(1)), hole.group())));
    }

    /** Returns a text as HTML shows it, between tags and within quotes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Returns a script's name in the page's Content-Security-Policy: no other script runs. */
    private static String hash(String script) {
        var digest = Sha256.digest().digest(script.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String resource(String name) {
        try (InputStream in = PageTemplate.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
