import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.representation.MatrixFile;

/**
 * STIR by every measure, from the representations that {@code stir matrix --keep-representations} stored; and, as the
 * search "none", the plain similarity of reference and target on the inputs. Prints CSV.
 *
 * <pre>java -cp 'distribution/target/modules/*' Measures.java STUDY</pre>
 */
public final class Measures {
    /** These compare predicted classes, not representations. */
    private static final List<String> OF_OUTPUTS = List.of("disagreement", "jensen-shannon");

    private Measures() {}

    private record Comparison(String target, String reference, String search, Path a, Path b) {}

    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]).resolve("representations");
        var comparisons = new ArrayList<Comparison>();
        try (var files = Files.walk(folder)) {
            files.filter(file -> file.endsWith("repeat-1.npy")).sorted().forEach(file -> {
                // TARGET/LAYER/invariant/REFERENCE/LAYER/SEARCH/repeat-1.npy
                var path = folder.relativize(file);
                if (path.getNameCount() == 7 && !path.getName(1).toString().equals("classifier")) {
                    var target = path.getName(0).toString();
                    var reference = path.getName(3).toString();
                    var measured = folder.resolve(path.subpath(0, 2)).resolve("inputs.npy");
                    comparisons.add(
                            new Comparison(target, reference, path.getName(5).toString(), measured, file));
                    var of = folder.resolve(path.subpath(3, 5)).resolve("inputs.npy");
                    comparisons.add(new Comparison(target, reference, "none", of, measured));
                }
            });
        }
        var measures = ServiceLoader.load(SimilarityMeasure.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(measure -> !OF_OUTPUTS.contains(measure.id()))
                .sorted(Comparator.comparing(SimilarityMeasure::id))
                .toList();
        System.out.println("target,reference,search,measure,value");
        comparisons.stream()
                .distinct()
                .parallel()
                .flatMap(pair -> {
                    var a = MatrixFile.read(pair.a());
                    var b = MatrixFile.read(pair.b());
                    return measures.stream()
                            .map(measure -> String.format(
                                    Locale.ROOT,
                                    "%s,%s,%s,%s,%s",
                                    pair.target(),
                                    pair.reference(),
                                    pair.search(),
                                    measure.id(),
                                    value(measure, a, b)));
                })
                .forEachOrdered(System.out::println);
    }

    private static String value(SimilarityMeasure measure, Matrix a, Matrix b) {
        if (measure.needsEqualWidths() && a.columns() != b.columns()) {
            return "";
        }
        try {
            return String.format(Locale.ROOT, "%.6f", measure.compare(a, b));
        } catch (DataException undefined) {
            return "";
        }
    }
}
