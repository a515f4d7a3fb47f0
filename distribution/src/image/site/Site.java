import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the site of the documentation from the Markdown files of the repository: a page per file,
 * with navigation and a search that need no server. It fails if a link names no page, heading or
 * file, if a picture has no alternative text, or if a page would load something from elsewhere.
 *
 * <pre>java -cp COMMONMARK Site.java ROOT TEMPLATES SITE VERSION [REFERENCE IMAGE NAME=JAVADOC_JAR...]</pre>
 *
 * <p>The pages in {@code docs/reference} end with the tables of the folder REFERENCE, which {@code
 * Reference.java} makes from the program. The site has the Java API of the jars. An unpacked image receives the site without them in
 * {@code docs/}, and pages as Markdown next to it, with links that lead there.
 */
final class Site {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder()
            .extensions(EXTENSIONS)
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    private static final String REFERENCE = "distribution/docs/reference/";

    private static final Pattern ELSEWHERE = Pattern.compile("^(https|mailto):.*");
    private static final Pattern SKIPPED =
            Pattern.compile("(.*/)?(target|src/test|src/image|\\w+-template|\\.[^/]*)(/.*)?");

    /** Files that an image has next to the site, by their names in the repository. */
    private static final Pattern IN_IMAGE =
            Pattern.compile("(?:distribution/(?:src/)?)?((?:examples|demo)/.*|[A-Z]+\\.md|LICENSE|CITATION\\.cff)");

    private static final Pattern DESTINATION = Pattern.compile("\\]\\(([^()\\s]+)\\)");

    private final Path root;
    private final Map<String, Page> pages = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Files that pages refer to, by their names in the repository. */
    private final Map<String, String> files = new TreeMap<>();

    private Site(Path root, Optional<Path> reference) throws IOException {
        this.root = root;
        List<String> names;
        try (var found = Files.walk(root)) {
            names = found.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name ->
                            name.endsWith(".md") && !SKIPPED.matcher(name).matches())
                    .toList();
        }
        for (var name : names) {
            var text = Files.readString(root.resolve(name));
            if (reference.isPresent() && name.startsWith(REFERENCE)) {
                text += "\n" + Files.readString(reference.get().resolve(name.substring(REFERENCE.length())));
            }
            pages.put(name, Page.of(name, text));
        }
    }

    public static void main(String[] arguments) throws IOException {
        var site = new Site(
                Path.of(arguments[0]),
                List.of(arguments).stream().skip(4).findFirst().map(Path::of));
        var apis = new LinkedHashMap<String, Path>();
        List.of(arguments).stream()
                .skip(6)
                .map(api -> api.split("=", 2))
                .forEach(parts -> apis.put(parts[0], Path.of(parts[1])));
        site.pages.values().forEach(site::link);
        if (!site.problems.isEmpty()) {
            System.err.println(String.join("\n", site.problems));
            System.exit(1);
        }
        var templates = Path.of(arguments[1]);
        site.write(templates, Path.of(arguments[2]), arguments[3], apis);
        if (arguments.length > 5) {
            var image = Path.of(arguments[5]);
            site.write(templates, image.resolve("docs"), arguments[3], Map.of());
            site.copyTexts(image);
        }
    }

    /**
     * A page.
     *
     * @param name the file in the repository
     * @param ids the anchors of headings
     */
    private record Page(String name, Node content, Map<Node, String> ids) {
        static Page of(String name, String text) {
            var content = PARSER.parse(text);
            var ids = new LinkedHashMap<Node, String>();
            content.accept(new AbstractVisitor() {
                @Override
                public void visit(Heading heading) {
                    ids.put(heading, anchor(words(heading), ids));
                }
            });
            return new Page(name, content, ids);
        }

        /** Returns the anchor that GitHub gives to a heading. */
        private static String anchor(String heading, Map<Node, String> earlier) {
            var anchor = heading.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            var unique = anchor;
            for (int i = 1; earlier.containsValue(unique); i++) {
                unique = anchor + "-" + i;
            }
            return unique;
        }

        String title() {
            return ids.keySet().stream().findFirst().map(Site::words).orElse(name);
        }

        String target() {
            return Site.target(name);
        }

        /** Returns the section of a page that README's table does not name. */
        String section() {
            if (name.startsWith("distribution/docs/design/")) {
                return "Design";
            } else if (name.startsWith(REFERENCE)) {
                return "Reference";
            }
            return name.startsWith("distribution/examples/") ? "Examples" : "More";
        }
    }

    /** Returns the place of a file of the repository in the site. */
    private static String target(String name) {
        var place = name.replaceFirst("^distribution/(docs/|src/)?", "");
        return place.replaceFirst("(^|/)README\\.md$", "$1index.html").replaceFirst("\\.md$", ".html");
    }

    private static String words(Node node) {
        var words = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                words.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                words.append(code.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak line) {
                words.append(' ');
            }

            @Override
            public void visit(FencedCodeBlock block) {
                words.append(block.getLiteral());
            }

            @Override
            public void visit(IndentedCodeBlock block) {
                words.append(block.getLiteral());
            }

            @Override
            protected void visitChildren(Node parent) {
                super.visitChildren(parent);
                if (parent.getSourceSpans().size() > 0 && !(parent instanceof Link)) {
                    words.append(' ');
                }
            }
        });
        return words.toString().strip().replaceAll("\\s+", " ");
    }

    private void problem(Page page, Node node, String text) {
        int line = node.getSourceSpans().stream()
                .findFirst()
                .map(span -> span.getLineIndex() + 1)
                .orElse(1);
        problems.add(page.name() + ":" + line + ": " + text);
    }

    /** Checks the links of a page and directs them to places in the site. */
    private void link(Page page) {
        page.content().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                if (!ELSEWHERE.matcher(link.getDestination()).matches()) {
                    place(page, link, link.getDestination()).ifPresent(link::setDestination);
                }
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                place(page, image, image.getDestination()).ifPresent(image::setDestination);
                if (words(image).isEmpty()) {
                    problem(page, image, "a picture has no alternative text");
                }
            }

            @Override
            public void visit(HtmlBlock html) {
                refuse(html, html.getLiteral());
            }

            @Override
            public void visit(HtmlInline html) {
                refuse(html, html.getLiteral());
            }

            private void refuse(Node html, String text) {
                if (!text.startsWith("<!--") && isGuide(page)) {
                    problem(page, html, "HTML is not checked: write Markdown");
                }
            }
        });
    }

    private static boolean isGuide(Page page) {
        return page.name().matches("README\\.md|distribution/(docs|examples)/.*");
    }

    /** Returns where a destination leads, from a page of the site; empty if it leads nowhere. */
    private Optional<String> place(Page page, Node node, String destination) {
        var parts = destination.split("#", 2);
        var name = resolved(page.name(), parts[0]);
        var other = Optional.ofNullable(pages.get(name));
        if (other.isPresent()) {
            if (parts.length > 1 && !other.get().ids().containsValue(parts[1])) {
                problem(page, node, name + " has no heading '" + parts[1] + "'");
                return Optional.empty();
            }
        } else if (Files.isRegularFile(root.resolve(name))
                && !SKIPPED.matcher(name).matches()) {
            files.put(name, target(name));
        } else {
            problem(page, node, "there is no page or file '" + destination + "'");
            return Optional.empty();
        }
        var anchor = parts.length > 1 ? "#" + parts[1] : "";
        return Optional.of(relative(page.target(), target(name)) + anchor);
    }

    /** Returns the name in the repository of a destination; that of a folder is its README's. */
    private String resolved(String from, String destination) {
        if (destination.isEmpty()) {
            return from;
        }
        var path = Path.of("/" + from).resolveSibling(destination).normalize();
        var name = path.toString().replace('\\', '/').substring(1);
        var readme = name.isEmpty() ? "README.md" : name + "/README.md";
        return pages.containsKey(readme) ? readme : name;
    }

    private static String relative(String from, String to) {
        var folder = Path.of("/" + from).getParent();
        return folder.relativize(Path.of("/" + to)).toString().replace('\\', '/');
    }

    private void write(Path templates, Path site, String version, Map<String, Path> apis) throws IOException {
        var template = Files.readString(templates.resolve("page.html"));
        for (var page : ordered()) {
            var renderer = HtmlRenderer.builder()
                    .extensions(EXTENSIONS)
                    .escapeHtml(true)
                    .attributeProviderFactory(context -> (node, tag, attributes) -> {
                        if (page.ids().containsKey(node)) {
                            attributes.put("id", page.ids().get(node));
                        }
                    })
                    .build();
            var content = Map.of(
                    "title", escaped(page.title()),
                    "version", version,
                    "root", toRoot(page),
                    "navigation", navigation(page, apis),
                    "content", renderer.render(page.content()));
            write(site, page.target(), filled(template, content));
        }
        write(site, "search-index.js", "const INDEX = [\n" + index() + "\n];\n");
        for (var name : List.of("site.css", "site.js")) {
            write(site, name, Files.readString(templates.resolve(name)));
        }
        for (var file : files.entrySet()) {
            var target = site.resolve(file.getValue());
            Files.createDirectories(target.getParent());
            Files.copy(root.resolve(file.getKey()), target, StandardCopyOption.REPLACE_EXISTING);
        }
        for (var api : apis.entrySet()) {
            unpack(api.getValue(), site.resolve("api").resolve(api.getKey()));
        }
    }

    private static String toRoot(Page page) {
        var folders = Path.of(page.target()).getNameCount() - 1;
        return folders == 0 ? "." : "../".repeat(folders).replaceFirst("/$", "");
    }

    private static void write(Path site, String name, String text) throws IOException {
        var file = site.resolve(name);
        if (Files.exists(file) && name.endsWith(".html")) {
            throw new IOException("Two pages have the place " + name);
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String filled(String template, Map<String, String> content) {
        return Pattern.compile("\\{\\{(\\w+)\\}\\}")
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(content.get(match.group(1))));
    }

    /**
     * Returns the places of pages and the sections to which README's tables assign them, in the
     * order of the tables: the first cell of a row is the section, and the others have the links.
     */
    private Map<String, String> sections() {
        var sections = new LinkedHashMap<String, String>();
        sections.put("index.html", "Tutorials");
        pages.get("README.md").content().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                if (link.getParent() instanceof TableCell cell) {
                    sections.putIfAbsent(
                            link.getDestination().replaceFirst("#.*", ""),
                            words(cell.getParent().getFirstChild()));
                }
            }
        });
        return sections;
    }

    /** Returns the pages in the order of README's tables, and the others after them by name. */
    private List<Page> ordered() {
        var order = List.copyOf(sections().keySet());
        return pages.values().stream()
                .sorted(Comparator.comparing(page -> place(order, page.target())))
                .toList();
    }

    private static int place(List<String> order, String target) {
        return order.contains(target) ? order.indexOf(target) : order.size();
    }

    private String navigation(Page current, Map<String, Path> apis) {
        var assigned = sections();
        var sections = new LinkedHashMap<String, StringBuilder>();
        for (var page : ordered()) {
            var mark = page == current ? " aria-current=\"page\"" : "";
            var section = assigned.getOrDefault(page.target(), page.section());
            item(
                    sections.computeIfAbsent(section, name -> new StringBuilder()),
                    relative(current.target(), page.target()),
                    mark,
                    page.title().replaceFirst(":.*", ""));
        }
        for (var api : apis.keySet()) {
            var place = relative(current.target(), "api/" + api + "/index.html");
            var reference = sections.computeIfAbsent("Reference", name -> new StringBuilder());
            item(reference, place, "", "Java: " + api);
        }
        return sections.entrySet().stream()
                .map(section -> "<h2>%s</h2>\n<ul>\n%s</ul>\n".formatted(section.getKey(), section.getValue()))
                .collect(Collectors.joining());
    }

    private static void item(StringBuilder list, String place, String mark, String title) {
        list.append("<li><a href=\"%s\"%s>%s</a></li>\n".formatted(place, mark, escaped(title)));
    }

    /** Returns a line per heading: the page's title, the place, the heading and the text below. */
    private String index() {
        var lines = new ArrayList<String>();
        for (var page : ordered()) {
            var heading = "";
            var anchor = "";
            var text = new StringBuilder();
            for (var node = page.content().getFirstChild(); node != null; node = node.getNext()) {
                if (page.ids().containsKey(node)) {
                    lines.add(entry(page, anchor, heading, text));
                    heading = words(node);
                    anchor = "#" + page.ids().get(node);
                    text.setLength(0);
                } else {
                    text.append(words(node)).append(' ');
                }
            }
            lines.add(entry(page, anchor, heading, text));
        }
        return lines.stream().filter(line -> !line.isEmpty()).collect(Collectors.joining(",\n"));
    }

    private static String entry(Page page, String anchor, String heading, StringBuilder text) {
        return heading.isEmpty() && text.length() == 0
                ? ""
                : List.of(
                                page.title(),
                                page.target() + anchor,
                                heading,
                                text.toString().strip())
                        .stream()
                        .map(Site::quoted)
                        .collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\u003c") + '"';
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (var files = FileSystems.newFileSystem(jar);
                var found = Files.walk(files.getPath("/"))) {
            for (var file : found.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith("/META-INF")) {
                    var target = folder.resolve(file.toString().substring(1));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Copies the pages that an image has as Markdown. */
    private void copyTexts(Path image) throws IOException {
        for (var name : pages.keySet()) {
            var inImage = placeInImage(name);
            if (!inImage.startsWith("docs/")) {
                var text = DESTINATION
                        .matcher(Files.readString(root.resolve(name)))
                        .replaceAll(link -> "](" + inImage(name, inImage, link.group(1)) + ")");
                var target = image.resolve(inImage);
                Files.createDirectories(target.toAbsolutePath().getParent());
                Files.writeString(target, text);
            }
        }
    }

    private String inImage(String from, String fromImage, String destination) {
        var parts = destination.split("#", 2);
        return ELSEWHERE.matcher(destination).matches() || parts[0].isEmpty()
                ? destination
                : relative(fromImage, placeInImage(resolved(from, parts[0])))
                        + destination.substring(parts[0].length());
    }

    /** Returns where an image has a file of the repository: in the site, or next to it. */
    private static String placeInImage(String name) {
        var kept = IN_IMAGE.matcher(name);
        return kept.matches() ? kept.group(1) : "docs/" + target(name);
    }
}
