"""What every string goes through: terminal safety, folding, words."""
