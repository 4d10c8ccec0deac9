"""What a node keeps on disk, and how it is read and checked."""
