/** The command line of Stir. */
module stir.cli {
    requires static org.jspecify;
    requires stir.core;
    requires stir.report;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.desktop;
    requires java.logging;

    opens stir.cli.command to
            info.picocli;
    opens stir.cli.option to
            info.picocli;
    opens stir.cli.report to
            com.fasterxml.jackson.databind;
}
