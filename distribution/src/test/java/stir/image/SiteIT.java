package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import stir.api.SimilarityMeasure;
import stir.cli.CommandRun;
import stir.cli.console.EnvironmentVariable;
import stir.cli.console.ExitCode;
import stir.cli.option.OptionSection;

/** The site of the documentation, in the image and as a folder to publish. */
class SiteIT {
    private static final Path SITE = Image.built().folder().resolve("docs");

    /** An address that a browser loads; those of links are not loaded. */
    private static final Pattern LOADED =
            Pattern.compile("<(?!a )\\w+[^>]* (?:src|href)=\"([^\"]*)\"|url\\(([^)]*)\\)");

    @Test
    void aPageLoadsFilesOfTheSiteAlone() throws IOException {
        var problems = new ArrayList<String>();
        Image.each(SITE, Comparator.naturalOrder(), file -> {
            if (file.toString().matches(".*\\.(html|css)")) {
                for (var each : LOADED.matcher(Files.readString(file)).results().toList()) {
                    var address = each.group(1) == null ? each.group(2) : each.group(1);
                    var loaded = file.resolveSibling(address);
                    problems.add(Files.isRegularFile(loaded) ? "" : file + ": " + loaded);
                }
            }
        });
        assertTrue(problems.size() > 50, problems.size() + " addresses");
        assertEquals(List.of(""), problems.stream().distinct().toList());
    }

    @Test
    void theFolderToPublishHasTheJavaApi() throws IOException {
        var site = Image.built().folder().resolveSibling("site");
        assertTrue(Files.isRegularFile(site.resolve("api/stir-core/stir.core/stir/core/Stir.html")));
        assertTrue(Files.readString(site.resolve("index.html")).contains("api/stir-api/index.html"));
    }

    @Test
    void theReferenceHasEachCommandOptionAndMeasure() throws IOException {
        var commands = Files.readString(SITE.resolve("reference/commands.html"));
        var expected = new ArrayList<String>();
        addCommands(CommandRun.commands().getCommandSpec(), expected);
        ExitCode.explained().keySet().forEach(code -> expected.add("<td><code>" + code.strip() + "</code></td>"));
        EnvironmentVariable.explained().keySet().forEach(name -> expected.add("<td><code>" + name + "</code></td>"));
        assertTrue(expected.size() > 200, expected::toString);
        assertEquals(List.of(), missing(commands, expected));
        var measures = ServiceLoader.load(SimilarityMeasure.class).stream()
                .filter(provider -> provider.type().getPackageName().equals("stir.core.measure"))
                .map(provider -> "<td><code>" + provider.get().id() + "</code>")
                .toList();
        assertTrue(measures.size() > 30, measures::toString);
        assertEquals(List.of(), missing(Files.readString(SITE.resolve("reference/measures.html")), measures));
    }

    /** Adds the headings of the commands within a command, and their shown options. */
    private static void addCommands(CommandSpec command, List<String> texts) {
        for (var child : command.subcommands().values()) {
            var spec = child.getCommandSpec();
            texts.add(">" + spec.qualifiedName(" ") + "</h2>");
            for (var options : OptionSection.of(spec, false).values()) {
                for (var option : options) {
                    var prefix = option.negatable() ? "<code>--[no-]" : "<code>--";
                    OptionSection.shownNames(option).stream()
                            .filter(name -> name.startsWith("--"))
                            .forEach(name -> texts.add(prefix + name.substring(2)));
                }
            }
            addCommands(spec, texts);
        }
    }

    private static List<String> missing(String page, List<String> texts) {
        return texts.stream().distinct().filter(text -> !page.contains(text)).toList();
    }

    @Test
    void theSearchFindsAHeading() throws IOException {
        assumeTrue(Browser.isInstalled(), Browser.MISSING);
        try (var browser = Browser.open(Image.scratch("site"))) {
            browser.show(SITE.resolve("reference/commands.html"), 1200, 800, false);
            var light = browser.text("getComputedStyle(document.body).backgroundColor");
            assertEquals(0, browser.number("document.querySelectorAll('#found li').length"));
            var firstLinks = new TreeMap<String, String>();
            for (var words : List.of("glossary", "uninstall", "normalize", "cka", "p-value")) {
                firstLinks.put(words, firstLink(browser, words));
            }
            assertEquals(
                    Map.of(
                            "glossary", "glossary.html#glossary",
                            "uninstall", "install.html#install-update-uninstall",
                            "normalize", "export.html#normalisation-and-shape",
                            "cka", "reference/measures.html#cka",
                            "p-value", "index.html#a-first-score"),
                    firstLinks);
            browser.show(SITE.resolve("reference/commands.html"), 360, 740, true);
            assertTrue(browser.number("document.documentElement.scrollWidth") <= 360);
            var dark = browser.text("getComputedStyle(document.body).backgroundColor");
            assertTrue(!dark.equals(light), dark);
            assertEquals(List.of(), browser.complaints());
        }
    }

    /** Returns where the first place leads that the search finds, from the top of the site. */
    private static String firstLink(Browser browser, String words) {
        browser.ask("(box => { box.value = '%s'; box.dispatchEvent(new Event('input')); })".formatted(words)
                + "(document.getElementById('search'))");
        var address = browser.text("document.querySelector('#found a').href");
        return address.replace(SITE.toUri().toString(), "");
    }

    /** Returns the complaints about a repository with one page. */
    private static List<String> complaints(String page) throws IOException {
        var folder = Image.scratch("site-of-one-page");
        Files.writeString(folder.resolve("README.md"), page);
        var parser = Image.built().folder().resolveSibling("markdown") + "/*";
        var words = new ArrayList<>(List.of("-cp", parser, "src/image/site/Site.java"));
        words.addAll(List.of(folder.toString(), "src/image/site"));
        words.addAll(List.of(folder.resolve("site").toString(), "1.0"));
        var ended = new Launch(Launch.java(words)).run();
        assertEquals(ended.err().isEmpty() ? 0 : 1, ended.code(), ended.err());
        return ended.err().lines().toList();
    }

    @Test
    void aLinkThatLeadsNowhereEndsTheBuild() throws IOException {
        var problems = complaints("""
                        # One

                        [here](#one), [there](https://example.org), [two](two.md)
                        and [below](#two).

                        ![](two.png)

                        <img src="https://example.org/a.png">
                        """);
        assertEquals(
                List.of(
                        "README.md:3: there is no page or file 'two.md'",
                        "README.md:4: README.md has no heading 'two'",
                        "README.md:6: there is no page or file 'two.png'",
                        "README.md:6: a picture has no alternative text",
                        "README.md:8: HTML is not checked: write Markdown"),
                problems);
        assertEquals(List.of(), complaints("# One\n\n[here](#one)\n"));
    }
}
