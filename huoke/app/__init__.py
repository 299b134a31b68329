"""The only place that wires the modules together: up, web, worker, command line, demo."""
