/** The command line of Stir. */
module stir.cli {
    requires static org.jspecify;
    requires stir.core;
}
