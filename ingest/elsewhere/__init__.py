"""Pictures that other programs made, as generated images of the study."""
