"""References, their images, covariates and prompts, from the sources that have them."""
