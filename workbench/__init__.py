"""The workbench for multimodal iconicity: the store, the statistics, the commands and the terminal UI."""
