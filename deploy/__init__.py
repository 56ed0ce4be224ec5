"""Running Linli: the `linli` command, the one-machine runner, demo and imports, images and the runbook."""
