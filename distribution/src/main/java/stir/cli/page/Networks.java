package stir.cli.page;

import stir.cli.report.NetworkNames;
import stir.core.study.PairStudy;
import stir.core.study.StoredStudy;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The names of a study's networks, and which of their layers stand for them.
 *
 * @param study the study
 */
record Networks(StoredStudy study) {
    /**
     * Returns the names of networks: those of the study, or of the files of a single score, whose
     * networks have no names of their own.
     */
    List<String> names() {
        if (!isScore()) {
            return given();
        }
        var files = study.models().stream().map(model -> Path.of(model.file())).toList();
        var names = NetworkNames.ofFiles(files.get(0), files.get(1));
        return List.of(names.a(), names.b());
    }

    /** Returns whether it is a single score. */
    boolean isScore() {
        return given().equals(PairStudy.NAMES);
    }

    private List<String> given() {
        return study.models().stream().map(StoredStudy.Model::name).toList();
    }

    /** Returns the last layer of each network, or all layers of a single one. */
    List<Integer> headline() {
        var last = new TreeMap<String, Integer>();
        var all = study.layers();
        for (int i = 0; i < all.size(); i++) {
            last.put(all.get(i).at().model(), i);
        }
        return last.size() > 1
                ? last.values().stream().sorted().toList()
                : IntStream.range(0, all.size()).boxed().toList();
    }
}
