import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Prints which tests a run skipped, and what they need. The argument is the folder with the modules. */
final class SkippedTests {
    private static final int REPORTS = 4; // MODULE/target/surefire-reports/KIND

    private SkippedTests() {}

    public static void main(String[] arguments) throws IOException, ParserConfigurationException, SAXException {
        Map<String, Map<String, Integer>> reasons = new TreeMap<>();
        int tests = 0;
        var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        for (var report : reports(Path.of(arguments[0]))) {
            var cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
            tests += cases.getLength();
            for (var test : IntStream.range(0, cases.getLength())
                    .mapToObj(i -> (Element) cases.item(i))
                    .toList()) {
                var skipped = test.getElementsByTagName("skipped");
                if (skipped.getLength() > 0) {
                    var reason = ((Element) skipped.item(0)).getAttribute("message");
                    var name = test.getAttribute("classname").replaceAll(".*\\.", "");
                    reasons.computeIfAbsent(
                                    reason.isEmpty() ? "no reason is stated" : reason, of -> new LinkedHashMap<>())
                            .merge(name, 1, Integer::sum);
                }
            }
        }
        int skipped = reasons.values().stream()
                .flatMap(names -> names.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        System.out.printf("Of %,d tests, %d were skipped%s%n", tests, skipped, skipped == 0 ? "." : ":");
        reasons.forEach((reason, names) -> System.out.printf(
                "  %s (%s)%n",
                reason.replaceFirst("^.*Assumption failed: ", ""),
                names.toString().replaceAll("[{}]", "").replace("=", " ")));
    }

    /** Returns the reports of all modules that are built, those of repeated kinds of processors, too. */
    private static Iterable<Path> reports(Path folder) throws IOException {
        try (var files = Files.find(
                folder,
                REPORTS + 2,
                (path, facts) -> facts.isRegularFile()
                        && path.getFileName().toString().matches("TEST-.*\\.xml")
                        && path.toString().matches(".*[/\\\\]target[/\\\\](surefire|failsafe)-reports[/\\\\].*"))) {
            return files.sorted().toList();
        }
    }
}
