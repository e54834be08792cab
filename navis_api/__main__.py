"""`python -m navis_api` is `navis-api`."""

from navis_api.cli import main

main()
