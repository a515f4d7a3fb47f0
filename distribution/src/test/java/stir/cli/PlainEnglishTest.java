package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The words of comments and string literals in main sources, of documents, of identifiers and of
 * the names of tests: none of those that CONTRIBUTING.md excludes.
 */
class PlainEnglishTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A file with a word in the values of cache keys, which stay as they are. */
    private static final String KEYS = "stir-core/src/main/java/stir/core/store/LayerKey.java";

    /**
     * A pattern that is refused.
     *
     * @param words the pattern, in which a space stands for any number of them
     * @param plain the words to use instead
     * @param example a text that has the pattern
     */
    private record Rule(Pattern words, String plain, String example) {
        Rule(String words, String plain, String example) {
            this(Pattern.compile(words.replaceAll(" (?!\\{)", " +")), plain, example);
        }
    }

    /** A verb that is for people in comments, and that messages and documents may use. */
    private static final String SAY = "\\b([Ss]ay|[Ss]ays|said)\\b";

    private static final List<Rule> RULES = List.of(
            new Rule(
                    "\\b([Tt]ell|[Tt]ells|told|telling)\\b(?! (\\w+ ){0,4}apart)",
                    "report, state or return",
                    "Tells the caller"),
            new Rule("\\b([Hh]ear|[Hh]ears|heard)\\b", "receive", "It hears progress"),
            new Rule(SAY, "report or return; messages and documents may say", "what it says"),
            new Rule("\\b[Kk]nows\\b", "holds, has or supports", "a rule knows nothing"),
            new Rule("\\b(behind|beside)\\b", "after or next to", "the layer behind it"),
            new Rule("\\banew\\b", "again", "copy both files anew"),
            new Rule("\\b(mend|mends|mended|mending)\\b", "fix", "mend the file"),
            new Rule(
                    "\\b(?=(is|are|was|were) no )(?<![Tt]here {1,40})\\w+ no "
                            + "(?!longer|more|less|better|other|farther)",
                    "is not a",
                    "it is no file"),
            new Rule("\\bso (few|many|much)\\b", "too few or that many", "so few inputs"),
            new Rule(
                    "\\b(row|value|sentence|line|file|pass|number|column|entry|document"
                            + "|word|name)(s|es)? an? (?=(input|row|pixel|line|value|pass|file"
                            + "|network|model|layer|measure|search|group|block|step|class"
                            + "|column|dimension))",
                    "per",
                    "one row an input"),
            new Rule("/\\*\\*\\s*(What|How|Where|Who|Which)\\b", "a verb or a noun phrase", "/** What is stored."),
            new Rule("\\blets? go of\\b", "closes or releases", "lets go of a file"),
            new Rule("\\bin just so\\b", "in the same manner", "dropped in just so"),
            new Rule("\\b(its|their) own way\\b", "independently", "goes its own way"),
            new Rule("\\bcomes by\\b", "obtains", "comes by a file"),
            new Rule("\\b[Ww]hoever\\b", "callers that", "Whoever opens it"),
            new Rule("\\bequally many\\b", "the same number of", "equally many rows"),
            new Rule("\\bas many other\\b", "a new sample of", "of as many other inputs"),
            new Rule("\\bwhole numbers\\b", "integers", "takes whole numbers"),
            new Rule("\\boutside of (?!which)", "outside", "outside of the box"),
            new Rule("\\bkinds? of machines?\\b", "CPU type", "a kind of machine"),
            new Rule("\\bexperiment's file\\b", "experiment file", "an experiment's file"),
            new Rule("\\blast digits\\b", "last bits", "in the last digits"),
            new Rule("\\b(it|they) goe?s? on\\b", "continues", "then it goes on"),
            new Rule(": (take|give) (?=(a|an|another|one)\\b)", "use", "wrong: take another"));

    /** Modules whose identifiers and names of tests are read. */
    private static final Pattern MODULES_OF_NAMES =
            Pattern.compile("(stir-(api|core|report)|backend-\\w+|distribution)/.*");

    private static final List<Rule> RULES_OF_IDENTIFIERS = List.of(
            new Rule("^found$", "the name of the thing, such as score or match", "found"),
            new Rule("\\b(what|beside|behind|course|told|heard|anew)\\b", "a standard term", "isTold"));

    /** Names of tests are sentences, for which the rules of documents hold. */
    private static final List<Rule> RULES_OF_TESTS = Stream.concat(
                    RULES.stream().filter(rule -> !rule.words().pattern().equals(SAY)),
                    Stream.of(new Rule("^(what|how|who|where)\\b", "a noun first", "whatIsMissingIsNamed")))
            .toList();

    /** Names that are declared or used, without members of other objects. */
    private static final Pattern IDENTIFIER = Pattern.compile("(?<![.:\\w])[A-Za-z]\\w*");

    private static final Pattern NAME_OF_TEST = Pattern.compile("(?<=\\bvoid )\\w+");
    private static final Pattern NEXT_WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_");

    /** Comments and literals of Java; those of characters are matched to skip their quotes. */
    private static final Pattern TEXT_OF_JAVA = Pattern.compile(
            "/\\*.*?\\*/|//[^\\n]*+|\"\"\".*?\"\"\"|'(?:\\\\.|[^'\\\\])'"
                    + "|\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"",
            Pattern.DOTALL);

    private static final Pattern STARS = Pattern.compile("\\n\\s*\\*(?!/)");
    private static final Pattern TAG = Pattern.compile("\\{@\\w+\\s[^}]*\\}");
    private static final Pattern CODE_OF_MARKDOWN =
            Pattern.compile("```.*?```|`[^`\\n]*+`|(?<=\\n\\n)( {4}[^\\n]*+\\n)+", Pattern.DOTALL);
    private static final Pattern END_OF_LINE = Pattern.compile("(?<!\\n)\\n(?!\\n)");

    @Test
    void sourcesAndDocumentsAreInPlainEnglish() throws IOException {
        var problems = new ArrayList<String>();
        int files = 0;
        try (var all = Files.walk(ROOT)) {
            for (var path : all.sorted().filter(Files::isRegularFile).toList()) {
                var name = ROOT.relativize(path).toString();
                if (isChecked(name) && !isSkipped(name)) {
                    files++;
                    findings(name, Files.readString(path)).forEach(finding -> problems.add(name + ":" + finding));
                }
            }
        }
        assertTrue(files > 100, files + " files");
        assertEquals("", String.join("\n", problems));
    }

    private static List<String> findings(String name, String text) {
        boolean isJava = name.endsWith(".java");
        boolean isTest = isTest(name);
        var all = isTest ? new ArrayList<String>() : findings(isJava, text);
        if (isJava && MODULES_OF_NAMES.matcher(name).matches()) {
            all.addAll(findingsInNames(isTest, text));
        }
        return all;
    }

    @Test
    void eachRuleFindsItsExample() {
        for (var rule : RULES) {
            var inComment = "class A {\n    /**\n     * x " + rule.example().replace(" ", "\n     * ");
            var java = inComment.replace("/**\n     * x /**", "/**") + "\n     */\n}";
            var message = "'" + rule.words() + "' in " + java;
            assertTrue(findings(true, java).stream().anyMatch(text -> text.endsWith(rule.plain())), message);
            assertEquals(List.of(), findings(false, "`" + rule.example() + "`"), message);
        }
    }

    @Test
    void codeIsNotProse() {
        assertEquals(List.of(), findings(true, "char quote = '\"'; told = said(\"a {@code b}\");"));
        assertEquals(List.of("2: told, better: report, state or return"), findings(true, "told();\n// told\nx"));
        assertEquals(List.of("3: told, better: report, state or return"), findings(false, "```\ntold\n``` told\n"));
        assertEquals(List.of(), findings(false, "It tells two networks apart; there is no file.\n"));
        assertEquals(List.of(), findings(false, "The message says so.\n"));
        assertEquals(List.of(), findings(true, "return \"the file says %s\";"));
    }

    @Test
    void identifiersHaveTheNameOfTheThing() {
        assertEquals(
                List.of(
                        "2: found, better: the name of the thing, such as score or match",
                        "3: isTold, better: a standard term",
                        "4: whatDiffers, better: a standard term",
                        "5: Beside, better: a standard term"),
                findingsInNames(false, """
                        /** What was found. */
                        var found = spread.found("what"); // found beside
                        boolean isTold, isFound;
                        List<String> whatDiffers(Matcher::found) {
                        record Beside() {}
                        """));
    }

    @Test
    void namesOfTestsAreSentencesOfThings() {
        assertEquals(
                List.of(
                        "2: whatIsMissingIsTold, better: report, state or return",
                        "2: whatIsMissingIsTold, better: a noun first",
                        "4: anXMLFileIsNoResult, better: is not a"),
                findingsInNames(true, """
                        @Test
                        void whatIsMissingIsTold() { check(told); }
                        // void tells()
                        void anXMLFileIsNoResult() throws IOException {}
                        void thereIsNoFileThatALayerIsFoundIn() {}
                        """));
    }

    private static boolean isTest(String name) {
        return name.contains("src/test/java/") && !name.contains("src/main/java/");
    }

    private static boolean isSkipped(String name) {
        return name.equals(KEYS);
    }

    private static boolean isChecked(String name) {
        if (name.contains("target/") || name.startsWith(".git/") || name.endsWith("LICENSE.md")) {
            return false;
        }
        var isMain = name.contains("src/main/java/") || name.startsWith("distribution/examples/");
        return name.endsWith(".md") || ((isMain || isTest(name)) && name.endsWith(".java"));
    }

    /** Returns the number of the line, the words and the plain form of each match. */
    private static List<String> findings(boolean java, String text) {
        var prose = java ? proseOfJava(text) : proseOfMarkdown(text);
        var all = new ArrayList<String>();
        for (var rule : RULES) {
            rule.words().matcher(prose).results().forEach(match -> all.add(finding(text, match, rule.plain())));
        }
        return all;
    }

    /** Returns the findings in the identifiers of main code, or in the names of tests. */
    private static List<String> findingsInNames(boolean isTest, String text) {
        var code = TEXT_OF_JAVA.matcher(text).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
        var all = new ArrayList<String>();
        for (var name :
                (isTest ? NAME_OF_TEST : IDENTIFIER).matcher(code).results().toList()) {
            var words = NEXT_WORD.matcher(name.group()).replaceAll(" ").toLowerCase(Locale.ROOT);
            (isTest ? RULES_OF_TESTS : RULES_OF_IDENTIFIERS)
                    .stream()
                            .filter(rule -> rule.words().matcher(words).find())
                            .forEach(rule -> all.add(finding(text, name, rule.plain())));
        }
        return all;
    }

    private static String finding(String text, MatchResult match, String plain) {
        long line = 1
                + text.substring(0, match.start())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        var words = match.group().strip().replaceAll(" +", " ");
        return "%d: %s, better: %s".formatted(line, words, plain);
    }

    /** Returns the comments and literals at their positions, with line ends for all code. */
    private static String proseOfJava(String text) {
        var prose = new StringBuilder();
        TEXT_OF_JAVA
                .matcher(text)
                .results()
                .filter(part -> !part.group().startsWith("'"))
                .forEach(part -> {
                    var words = masked(TAG, 'X', masked(STARS, ' ', part.group()));
                    prose.append("\n".repeat(part.start() - prose.length()));
                    prose.append(words.startsWith("\"") ? masked(Pattern.compile(SAY), 'X', words) : words);
                });
        return prose.toString();
    }

    /** Returns the paragraphs at their positions, each as one line, without code. */
    private static String proseOfMarkdown(String text) {
        var prose = masked(END_OF_LINE, ' ', masked(CODE_OF_MARKDOWN, 'X', text));
        return masked(Pattern.compile(SAY), 'X', prose);
    }

    private static String masked(Pattern pattern, char mask, String text) {
        return pattern.matcher(text)
                .replaceAll(match -> String.valueOf(mask).repeat(match.group().length()));
    }
}
