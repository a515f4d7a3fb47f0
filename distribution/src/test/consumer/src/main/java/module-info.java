module org.example.embedding {
    requires stir.core;
}
