# %% [markdown]
# # The phase diagram of an analysis, with matplotlib
#
# Run it as a script, `python3 examples/plot_phase_diagram.py DIR`, where DIR is what `varprop analyze … -o DIR` wrote; or
# cell by cell in an editor that knows `# %%`, after putting DIR into the next cell. It draws the plane of weight and bias
# variance, so the sweep needs two values of both: examples/phase-diagram.toml is one to start from.

# %%
import csv
import pathlib
import sys

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

folder = pathlib.Path(next((word for word in sys.argv[1:] if pathlib.Path(word).is_dir()), "phase"))

# %% [markdown]
# One activation, one distribution of weights, one width and one depth make a plane; the last of each is taken here.

# %%
analysis = xr.open_dataset(folder / "analysis.h5")
plane = analysis.isel(activation=-1, weights=-1, width=-1, depth=-1)
activation, weights = str(plane.activation.values), str(plane.weights.values)
width, depth = int(plane.width), int(plane.depth)

# ⟨ln g_1⟩ over the layers that the gradient passed: how much ln |gradient|² changes per layer on its way down
per_layer = (plane.backward_total / (depth - 1)).transpose("bias_variance", "weight_variance")

# %% [markdown]
# The critical weight variance of each bias variance, where gradients neither vanish nor explode: what the sweep shows, with
# its 95 % interval, and what theory says for this width. Both are laws of `laws.csv`; one that was refused has no estimate.

# %%
with open(folder / "laws.csv", encoding="utf-8", newline="") as file:
    critical = [law for law in csv.DictReader(file)
                if law["law"] == "critical_weight_variance" and law["verdict"] == "holds"
                and law["activation"] == activation and law["weights"] == weights and law["width"] == str(width)]


def column(name):
    return np.array([float(law[name] or "nan") for law in critical])


# %%
figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
most = float(np.abs(per_layer).max())
colours = axes.pcolormesh(per_layer.weight_variance, per_layer.bias_variance, per_layer, cmap="RdBu_r", vmin=-most, vmax=most,
                          shading="nearest")
figure.colorbar(colours, label="change of ⟨ln |gradient|²⟩ per layer")

estimate = column("estimate")
axes.errorbar(estimate, column("bias_variance"), xerr=[estimate - column("low"), column("high") - estimate], fmt="o",
              color="black", markersize=4, capsize=3, label="critical, measured (95 %)")
axes.plot(column("theory"), column("bias_variance"), color="black", linewidth=1, label=f"critical, theory at width {width}")

axes.set(xlabel="weight variance σ_w²  (times fan-in)", ylabel="bias variance σ_b²",
         title=f"{activation}, {weights} weights, width {width}, depth {depth}:\nblue vanishes, red explodes")
axes.legend(loc="upper left")
figure.savefig(folder / "phase-diagram.png", dpi=150)
print("Wrote", folder / "phase-diagram.png")
