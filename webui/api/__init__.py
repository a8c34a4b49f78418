"""/api/v1: everything that the pages show, for programs. Described in openapi.json beside this file."""
