/** A term of searches for Stir. */
module org.example.term {
    requires stir.api;

    provides stir.api.ObjectiveTerm with
            org.example.term.Brightness;
}
