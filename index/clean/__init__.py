"""From a document to an article: blocks, their labels and reasons, metadata."""
