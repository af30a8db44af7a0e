"""The sweeps that laws are found from: by the test in a few seconds, and by benchmarks/laws.py with more networks."""

# name → (grid and other tables, networks per point in the test)
SWEEPS = {
    "straight": ("""
[grid]
activation = ["relu", "leaky_relu(0.2)"]
weight_variance = { from = 1.7, to = 2.3, count = 13 }
width = [64, 128, 256, 512, 2048]
depth = [64]
""", 256),
    "tanh": ("""
[grid]
activation = ["tanh"]
weight_variance = { from = 1.5, to = 2.6, count = 12 }
bias_variance = [0.05, 0.2]
width = [64, 128, 256, 512]
depth = [64]
""", 192),
    "erf": ("""
[grid]
activation = ["erf"]
weight_variance = { from = 1.1, to = 1.7, count = 7 }
bias_variance = 0.05
width = [64, 128, 512]
depth = [64]
""", 192),
    "orthogonal": ("""
[grid]
activation = ["tanh"]
weights = ["orthogonal"]
weight_variance = { from = 1.5, to = 2.1, count = 7 }
bias_variance = 0.05
width = [64, 128, 512]
depth = [64]
""", 192),
    "fluctuation": ("""
[grid]
activation = ["relu", "linear"]
weight_variance = [1, 2]
width = [128, 256, 1024]
depth = [17, 65]
""", 4096),
    "founding": ("""
[grid]
activation = ["linear"]
weight_variance = 1
width = [1, 10, 100, 1000, 10000]
depth = [1]
[simulation]
variance_scaling = "none"
measure = ["forward"]
""", 512),
    "founding_otherwise": ("""
[grid]
activation = ["linear"]
weights = ["uniform", "orthogonal"]
weight_variance = 1
width = [4, 16, 64, 256]
depth = [1]
[simulation]
variance_scaling = "none"
measure = ["forward"]
""", 512),
    "power": ("""
[grid]
activation = ["tanh", "softsign", "hard_tanh"]
weight_variance = 1
width = 8192
depth = 256
[simulation]
measure = ["forward", "backward"]
""", 64),
    "slopes": ("""
[grid]
activation = ["relu"]
weight_variance = [1.8, 2.2]
width = [16, 64, 256]
depth = [64]
""", 1024),
    "regimes": ("""
[grid]
activation = ["gelu", "relu", "selu", "tanh"]
weight_variance = ["torch", 1, "he"]
width = [256]
depth = [50, 256]
""", 32),
}


def sweep_text(name, replicas):
    """A sweep file of one of the sweeps, in 16 batches."""
    text, _ = SWEEPS[name]
    settings = f"replicas = {replicas}\nbatches = 16\nseed = 1\n"
    if "[simulation]\n" in text:
        return text.replace("[simulation]\n", "[simulation]\n" + settings)
    return text + "[simulation]\n" + settings
