"""What computes: this process, or workers on a cluster. Either way one process writes, and the results are the same."""
