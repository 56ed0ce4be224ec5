"""Pure building blocks. Imports no web framework, no database driver, no network client."""
