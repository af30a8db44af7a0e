"""How Spack builds varprop; docs/installing.md says how to use it."""

import os

from spack.package import *


class Varprop(CMakePackage):
    """varprop sweeps random neural networks of every width, depth, activation and initialization, and measures how
    the variance of the signal and of the gradient changes from layer to layer, on one machine or over MPI."""

    # This file stands in the checkout that it builds.
    git = "file://" + os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 4))

    license("Apache-2.0")

    version("main", branch="main", get_full_repo=True)

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("git", type="build")

    depends_on("boost@1.74:")
    depends_on("cli11@2.1:")
    depends_on("eigen@3.4:3")
    depends_on("fmt@9:")
    depends_on("hdf5@1.10.7: ~mpi +hl")
    # Later ones know instruction sets (AVX3_ZEN4, AVX3_SPR) for which equal bits have not been shown: refused.
    depends_on("highway@1.0.3")
    depends_on("mpi")
    depends_on("nlohmann-json@3.11:")
    depends_on("muparser")
    depends_on("tomlplusplus@3.1:")

    generator("ninja")

    requires("target=x86_64_v3:", msg="varprop needs AVX2 with FMA; it chooses AVX-512 at run time")

    def cmake_args(self):
        return [self.define("VARPROP_BUILD_TESTS", False)]
