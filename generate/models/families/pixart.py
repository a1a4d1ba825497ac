"""PixArt-Alpha and -Sigma."""

from generate.models.families.family import Family

FAMILY = Family(
    name="pixart",
    pipelines=("PixArtSigmaPipeline", "PixArtAlphaPipeline"),
    steps=20,
    guidance=4.5,
    size=1024,
    # The caption is cleaned only where two more packages are installed, and a size off a list is replaced: neither
    # may decide what an image is.
    call={"clean_caption": False, "use_resolution_binning": False},
    embeddings=("prompt_embeds", "prompt_attention_mask", "negative_prompt_embeds", "negative_prompt_attention_mask"),
)
