"""`python -m sim.cli` is `oneveto`."""

from sim.cli import main

main()
