"""The recipes in packaging/ for tools that need not be here: they can be read, and know what the build needs.

Seen red: with a dependency left out of the Spack package.
"""

import pathlib
import re
import subprocess
import sys
import types

from script_test import ScriptTest

SOURCE = ScriptTest.source()

# What CMake looks for, and the Spack package that has it.
SPACK_NAMES = {"Boost": "boost", "CLI11": "cli11", "Eigen3": "eigen", "fmt": "fmt", "HDF5": "hdf5", "hwy": "highway",
               "MPI": "mpi", "muparser": "muparser", "nlohmann_json": "nlohmann-json", "Threads": None, "tomlplusplus": "tomlplusplus"}


def spack_directives():
    """Runs package.py with stand-ins for Spack's words; what each was given."""
    said = {}
    module = types.ModuleType("spack.package")
    for word in ("license", "version", "depends_on", "generator", "requires", "variant", "conflicts"):
        setattr(module, word, lambda *given, word=word, **named: said.setdefault(word, []).append(given))
    module.CMakePackage = type("CMakePackage", (), {"define": lambda self, *given: given})
    sys.modules["spack"], sys.modules["spack.package"] = types.ModuleType("spack"), module
    path = SOURCE / "packaging/spack/packages/varprop/package.py"
    names = {"__file__": str(path)}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return said, names["Varprop"]


class Recipes(ScriptTest):
    def test_spack_knows_every_dependency(self):
        said, package = spack_directives()
        needed = {re.match(r"[a-z0-9-]+", given[0]).group() for given in said["depends_on"]}
        for name in re.findall(r"find_package\((\w+)", (SOURCE / "cmake/VarpropDependencies.cmake").read_text()):
            self.assertIn(name, SPACK_NAMES)
            if SPACK_NAMES[name]:
                self.assertIn(SPACK_NAMES[name], needed)
        self.assertEqual(package.git, "file://" + str(SOURCE))
        self.assertEqual(package().cmake_args(), [("VARPROP_BUILD_TESTS", False)])

    def test_the_image_is_built_in_two_stages(self):
        text = (SOURCE / "packaging/apptainer/varprop.def").read_text()
        self.assertEqual(re.findall(r"^Stage: (\w+)$", text, re.MULTILINE), ["build", "final"])
        self.assertIn("%files from build", text)
        for section in re.findall(r"^%post\n((?:(?:    .*)?\n)+)", text, re.MULTILINE):
            checked = subprocess.run(["bash", "-n"], input=section, text=True, capture_output=True, check=False)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def test_scripts_can_be_read(self):
        script = SOURCE / "packaging/try-debian-package"
        checked = subprocess.run(["bash", "-n", script], text=True, capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
