"""Measures beside s and p, by name; a new one is one file and one line here."""

from collections.abc import Callable

from generate.devices import pick_device
from generate.encoders.viewing import OWN, Viewing
from generate.extras import models_extra
from generate.metrics.metric import Metric
from workbench.registry import Registry

MetricLoader = Callable[[str, str, Viewing], Metric]
"""(what stands after ``name:``, device, how its encoder looks at pictures) → the loaded metric."""

METRICS: Registry[MetricLoader] = Registry("metric")
METRICS.add("clipscore", "generate.metrics.clipscore:load")
METRICS.add("consistency", "generate.metrics.embedded:load_consistency")
METRICS.add("dreamsim", "generate.metrics.dreamsim_distance:load")
METRICS.add("lpips", "generate.metrics.lpips_distance:load")
METRICS.add("mean-p", "generate.metrics.reuse:load_mean")
METRICS.add("ms-ssim", "generate.metrics.structural:load_ms_ssim")
METRICS.add("phash", "generate.metrics.phash:load")
METRICS.add("similarity", "generate.metrics.embedded:load_similarity")
METRICS.add("ssim", "generate.metrics.structural:load_ssim")
METRICS.add("vr", "generate.metrics.reuse:load_vr")


def load_metric(name: str, device: str = "auto", viewing: Viewing = OWN) -> Metric:
    """Load a metric.

    Args:
        name: ``ssim``, ``ms-ssim``, ``phash``, ``lpips:alex``, ``lpips:alex@FILE``, ``clipscore:ORG/NAME``,
            ``dreamsim:KIND@FOLDER``,
            ``similarity:ENCODER``, ``consistency:ENCODER``, ``mean-p:ENCODER``, ``vr:ENCODER`` or ``vr:TAU:ENCODER``.
        device: ``auto`` or one of torch's.
        viewing: how its encoder is to look at pictures, if it has one.

    Raises:
        ConfigError: If there is no such metric, or the name makes no sense to it.
        ModelError: If its weights cannot be had. Never others instead.
    """
    family, _, rest = name.partition(":")
    loader = METRICS[family]
    device = pick_device(device)
    with models_extra():
        return loader(rest, device, viewing)
