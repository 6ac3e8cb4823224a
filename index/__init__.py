"""The archive without a screen: sources, cleaning, catalog, search, engine."""
