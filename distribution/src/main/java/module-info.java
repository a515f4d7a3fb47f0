/** The command line of Stir. */
module stir.cli {
    requires static org.jspecify;
    requires stir.core;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.desktop;

    opens stir.cli to
            info.picocli;
}
