/** A backend for Stir. */
module org.example.__package__ {
    requires stir.api;

    provides stir.api.BackendProvider with
            org.example.__package__.__Name__;
}
