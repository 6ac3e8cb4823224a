"""Full-text search: analysis, queries, the index. Whoosh is imported only in here."""
