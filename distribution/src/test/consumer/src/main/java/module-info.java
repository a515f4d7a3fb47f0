module org.example.embedding {
    requires stir.report;
}
