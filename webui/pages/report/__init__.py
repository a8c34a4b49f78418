"""Pages of what leaves the box in files; may touch what other pages may."""
