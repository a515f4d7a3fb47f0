package stir.cli.page;

import stir.cli.report.NetworkNames;
import stir.core.study.PairStudy;
import stir.core.study.StoredStudy;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The names of a study's networks, and which of their layers stand for them. */
record Networks(StoredStudy study) {
    /**
     * Returns the names of networks: those of the study, or of the files of a single score, whose
     * networks have no names of their own.
     */
    List<String> names() {
        if (!isScore()) {
            return given();
        }
        var names = NetworkNames.ofStored(study.models().get(0), study.models().get(1));
        return List.of(names.a(), names.b());
    }

    /**
     * Returns whether it is a single score: a comparison of two layers in both directions that no
     * experiment's file describes. The networks of a study may have the same names.
     */
    boolean isScore() {
        return given().equals(PairStudy.NAMES)
                && !study.command().startsWith("stir matrix ")
                && study.layers().size() == 2
                && study.pairs().stream().noneMatch(pair -> pair.target().equals(pair.reference()));
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
