package stir.cli.page;

import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.study.StoredStudy;

import java.util.EnumMap;
import java.util.Optional;

/** The settings of a stored search, read from their words. */
final class SearchWords {
    private SearchWords() {}

    /** Returns the settings of a run; empty if another version of Stir had other ones. */
    static Optional<InversionSettings> settings(StoredStudy study, StoredStudy.Run run) {
        var words = new EnumMap<SearchOption, String>(SearchOption.class);
        study.searches().stream()
                .filter(search -> search.name().equals(run.search()))
                .forEach(
                        search -> {
                            for (var option : SearchOption.values()) {
                                var value = search.settings().get(option.word());
                                if (value != null) {
                                    words.put(option, value.toString());
                                }
                            }
                        });
        return SearchArguments.of(words).settings(problem -> {});
    }
}
