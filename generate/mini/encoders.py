"""The packaged encoder at the sizes that suit the miniature study: pictures of 64 pixels and their patches of 16."""

ENCODER = "efficientnet-lite0:128"
PATCH_ENCODER = "efficientnet-lite0:64"
