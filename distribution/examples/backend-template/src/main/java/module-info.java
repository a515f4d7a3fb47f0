/** A backend for Stir. */
module org.example.linear {
    requires stir.api;

    provides stir.api.BackendProvider with
            org.example.linear.LinearBackend;
}
