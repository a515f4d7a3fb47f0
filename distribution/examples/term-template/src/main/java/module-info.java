/** A term of searches for Stir. */
module org.example.__package__ {
    requires stir.api;

    provides stir.api.ObjectiveTerm with
            org.example.__package__.__Name__;
}
