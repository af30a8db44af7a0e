"""The sweeps of the campaign on laws: random coarse ones, and ten small ones in which every law is looked for."""

ACTIVATIONS = ("linear", "relu", "leaky_relu(0.2)", "abs", "tanh", "erf", "sigmoid", "hard_tanh", "softsign", "arctan", "sin",
               "elu", "elu(0.5)", "selu", "gelu", "silu", "softplus")
WIDTHS = (64, 128, 256, 512, 1024)


def toml(grid, simulation):
    """A sweep file's text."""
    def value(x):
        if isinstance(x, (list, tuple)):
            return "[" + ", ".join(value(item) for item in x) + "]"
        return f'"{x}"' if isinstance(x, str) else repr(x)
    lines = ["[grid]", *(f"{key} = {value(x)}" for key, x in grid.items()),
             "[simulation]", *(f"{key} = {value(x)}" for key, x in simulation.items())]
    return "\n".join(lines) + "\n"


def coarse_sweep(rng, seed):
    """3 to 8 weight variances anywhere from 0.3 to 4, with and without biases."""
    variances = sorted(round(rng.uniform(0.3, 4), 3) for _ in range(rng.randint(3, 8)))
    grid = {"activation": rng.sample(ACTIVATIONS, 4), "weights": rng.choice(["gaussian"] * 3 + ["orthogonal", "uniform"]),
            "weight_variance": sorted(set(variances)), "bias_variance": [0.0, rng.choice([0.01, 0.05, 0.3])],
            "width": sorted(rng.sample(WIDTHS, 3)), "depth": [rng.choice([20, 40, 60]), rng.choice([100, 160])]}
    return toml(grid, {"replicas": 64, "batches": 16, "seed": seed + 1})


def steps(low, high, count):
    return [round(low + (high - low) * i / (count - 1), 6) for i in range(count)]


# What is simulated beside replicas, batches and seed: the grid, and what else is set.
COVERED = {
    "free_relu": ({"activation": "relu", "weight_variance": [1.0, 2.0, 3.0], "width": [32, 128], "depth": 60}, {}),
    "free_gelu": ({"activation": ["gelu", "selu"], "weight_variance": [0.4, 4.0], "width": [64, 512], "depth": 60}, {}),
    "held_tanh": ({"activation": "tanh", "weight_variance": [1.5, 2.5], "bias_variance": 0.05, "width": [64, 256], "depth": 100}, {}),
    "held_softplus": ({"activation": ["softplus", "relu"], "weight_variance": [0.5, 1.0], "bias_variance": 0.1, "width": 128,
                       "depth": 120}, {}),
    "critical_tanh": ({"activation": "tanh", "weight_variance": 1.0, "width": 2048, "depth": 64}, {}),
    "edge_of_tanh": ({"activation": "tanh", "weight_variance": steps(1.3, 2.2, 10), "bias_variance": 0.05,
                      "width": [64, 128, 256, 512], "depth": [60, 100]}, {}),
    "edge_of_relu": ({"activation": "relu", "weight_variance": steps(1.6, 2.4, 9), "width": [64, 128, 256, 512], "depth": [50, 100]}, {}),
    "orthogonal": ({"activation": ["linear", "relu", "tanh"], "weights": "orthogonal", "weight_variance": [0.8, 2.0], "width": 64,
                    "depth": 60}, {}),
    "unscaled": ({"activation": "linear", "weights": ["gaussian", "truncated_normal"], "weight_variance": 1.0, "width": [2, 4, 8, 16, 32],
                  "depth": 5}, {"variance_scaling": "none"}),
    "uniform_tanh": ({"activation": ["tanh", "erf"], "weights": "uniform", "weight_variance": steps(1.2, 1.8, 7), "width": [64, 128, 256],
                      "depth": 60}, {}),
    "meeting_inputs": ({"activation": ["tanh", "erf"], "weight_variance": [0.6, 1.0], "bias_variance": 0.05, "width": [64, 512], "depth": 100},
                       {"measure": ["correlation"]}),
    "settling_inputs": ({"activation": ["tanh", "erf"], "weight_variance": [3.0, 4.0], "bias_variance": 0.05, "width": 512, "depth": 120},
                        {"measure": ["correlation"], "input_correlation": 0.75}),
    "angles": ({"activation": "relu", "weight_variance": 2.0, "width": [16, 64], "depth": 80},
               {"measure": ["correlation"], "input_correlation": 0.999999999999}),
    "tangent_kernel": ({"activation": ["relu", "linear"], "weight_variance": [1.0, 2.0], "width": [512, 2048], "depth": [4, 16]},
                       {"measure": ["forward", "backward", "weight_gradient", "ntk"]}),
}


def covered_sweep(name, batches, seed):
    """One of COVERED, four replicas a batch."""
    grid, simulation = COVERED[name]
    return toml(grid, {"replicas": 4 * batches, "batches": batches, "seed": seed + 1, **simulation})
