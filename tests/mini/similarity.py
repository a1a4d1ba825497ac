"""A plain SSIM, to judge variants by."""

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter


def ssim(a: Image.Image, b: Image.Image) -> float:
    """Structural similarity of two images in grey, with a window of 7 px."""
    x, y = (np.asarray(image.convert("L"), dtype=np.float64) for image in (a, b))
    mean_x, mean_y = uniform_filter(x, 7), uniform_filter(y, 7)
    var_x, var_y = uniform_filter(x * x, 7) - mean_x**2, uniform_filter(y * y, 7) - mean_y**2
    both = uniform_filter(x * y, 7) - mean_x * mean_y
    c1, c2 = 2.55**2, 7.65**2
    top = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float((top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))).mean())
