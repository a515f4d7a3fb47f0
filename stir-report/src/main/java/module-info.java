/** Writes a study or a score as one page of HTML: {@link stir.report.StudyPage}. */
module stir.report {
    requires static org.jspecify;
    requires transitive stir.core;
    requires com.fasterxml.jackson.databind;
    requires java.desktop;

    exports stir.report;

    opens stir.report to
            com.fasterxml.jackson.databind;
}
