"""What cmake --install and cpack put where, and that it works from there, and from wherever it is moved. Seen red: see each
test.
"""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

from script_test import PATIENCE
from sweep_runs import SweepTest

SWEEP = """
[grid]
activation = ["tanh"]
weight_variance = [1.0, 2.0]
width = [8]
depth = [4]
[simulation]
replicas = 16
batches = 4
"""

PLACES = ["bin/varprop", "share/bash-completion/completions/varprop", "share/zsh/site-functions/_varprop",
          "share/fish/vendor_completions.d/varprop.fish", "share/varprop/sweep.schema.json",
          "share/man/man1/varprop.1", "share/man/man1/varprop-sweep.1", "share/man/man1/varprop-help.1",
          "share/doc/varprop/README.md", "share/doc/varprop/LICENSE", "share/doc/varprop/docs/installing.md",
          "share/doc/varprop/examples/edge-of-chaos.toml", "share/varprop/slurm/batch.bash",
          "share/varprop/slurm/submit-array", "share/varprop/slurm/sweep.sbatch"]


class Terminal:
    """A shell on a terminal of its own, typed into."""

    def __init__(self, command, folder, environment):
        self.process, self.screen = None, ""
        ours, theirs = pty.openpty()
        self.descriptor = ours
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
                                        env=environment, start_new_session=True)
        os.close(theirs)

    def type(self, keys):
        os.write(self.descriptor, keys.encode())

    def wait_for(self, pattern):
        """What stands on the screen since the last time, up to the pattern."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.screen)):
            if time.monotonic() > end:
                raise AssertionError(f"{pattern} did not appear in {self.screen!r}")
            if select.select([self.descriptor], [], [], 0.2)[0]:
                self.screen += os.read(self.descriptor, 65536).decode(errors="replace")
        self.screen = self.screen[found.end():]
        return found

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.descriptor)


class Installed(SweepTest):
    def setUp(self):
        super().setUp()
        self.build = pathlib.Path(self.arguments.varprop).resolve().parents[1]
        self.prefix = pathlib.Path(self.path("prefix"))
        self.run_tool("cmake", "--install", self.build, "--prefix", self.prefix)

    def terminal(self, *command):
        environment = dict(self.environment, TERM="dumb", PS1="ready> ", HOME=self.folder,
                           PATH=f"{self.prefix}/bin:{os.environ['PATH']}")
        terminal = Terminal(command, self.folder, environment)
        self.addCleanup(terminal.close)
        return terminal

    def test_everything_is_in_its_place(self):
        for place in PLACES:
            self.assertTrue((self.prefix / place).is_file(), place)
        for place in ("bin/varprop", "share/varprop/slurm/submit-array", "share/varprop/slurm/sweep.sbatch"):
            self.assertTrue(os.access(self.prefix / place, os.X_OK), place)
        pages = {page.name for page in (self.prefix / "share/man/man1").iterdir()}
        commands = re.findall(r"^  (\w+)  ", self.run_varprop("--help").stdout.split("Subcommands:")[1], re.MULTILINE)
        self.assertIn("analyze", commands)
        self.assertTrue({"varprop.1"} | {f"varprop-{name}.1" for name in commands[:8]} <= pages, pages)

    def test_a_moved_prefix_works(self):
        moved = pathlib.Path(self.path("else where"))
        self.prefix.rename(moved)
        program = moved / "bin/varprop"
        self.assertNotRegex(self.run_tool("readelf", "-d", program).stdout, "RPATH|RUNPATH")
        self.assertTrue(self.run_tool(program, "--version").stdout.startswith("varprop "))
        results = self.path("r.h5")
        self.run_tool(program, "sweep", self.write("sweep.toml", SWEEP), "-o", results)
        self.assertIn("2 points", self.run_tool(program, "analyze", results, "-o", self.path("out")).stdout)

    def test_batch_scripts_find_the_program_on_the_path(self):
        scripts = self.prefix / "share/varprop/slurm"
        environment = dict(self.environment, PATH=f"{self.prefix}/bin:{os.environ['PATH']}")
        environment.pop("VARPROP", None)
        found = self.run_tool("bash", "-c", f"source '{scripts}/batch.bash'; find_varprop; echo $varprop",
                              env=environment).stdout.strip()
        self.assertEqual(found, str(self.prefix / "bin/varprop"))

    def test_manual_pages_are_set_without_a_warning(self):
        """Red with a request that there is none of."""
        for page in sorted((self.prefix / "share/man/man1").iterdir()):
            done = self.run_tool("man", "--warnings", "-l", page,
                                 env=dict(self.environment, MANWIDTH="80", MAN_KEEP_FORMATTING="1", LC_ALL="C.UTF-8"))
            with self.subTest(page=page.name):
                self.assertEqual(done.stderr, "")
                plain = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
                for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SEE ALSO"):
                    self.assertRegex(plain, rf"(?m)^{section}$")
                self.assertLessEqual(max(map(len, plain.splitlines())), 80)

    def test_bash_completes(self):
        """Red with no command offered where none was typed yet, and with pages of an older command line."""
        script = self.prefix / "share/bash-completion/completions/varprop"
        self.assertEqual(self.run_tool("bash", "-c", f"source '{script}'; complete -p varprop").stdout.strip(),
                         "complete -F _varprop varprop")
        self.write("edge.toml", ""), self.write("edge.h5", ""), self.write("other.txt", "")
        os.mkdir(self.path("eden"))

        def offers(*words):
            listed = "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _varprop; printf '%s\\n' \"${COMPREPLY[@]}\""
            done = self.run_tool("bash", "-c", f"source '{script}'; {listed}", "bash", "varprop", *words,
                                 cwd=self.folder)
            self.assertEqual(done.stderr, "")
            return sorted(done.stdout.split())

        self.assertEqual(offers("s"), ["status", "sweep"])
        self.assertEqual(offers("--v"), ["--version"])
        self.assertEqual(offers("help", "ver"), ["verify"])
        self.assertEqual(offers("sweep", "ed"), ["eden", "edge.toml"])
        self.assertEqual(offers("sweep", "edge.toml", "-o", "ed"), ["eden", "edge.h5"])
        self.assertEqual(offers("sweep", "edge.toml", "--output", "=", "ed"), ["eden", "edge.h5"])
        self.assertEqual(offers("sweep", "--engine", "="), ["auto", "conditional", "deferred", "dense", "gram", "radial"])
        self.assertEqual(offers("sweep", "edge.toml", "ed"), [])
        self.assertEqual(offers("sweep", "-o", "x.h5", "--threads", "2", "edge.t"), ["edge.toml"])
        self.assertEqual(offers("sweep", "--progress", ""), ["auto", "bar", "log", "none"])
        self.assertEqual(offers("sweep", "--fau"), [])
        self.assertEqual(offers("sweep", "--set", "grid.w"),
                         ["grid.weight_variance=", "grid.weights=", "grid.width="])
        self.assertEqual(offers("sweep", "--set", "grid.width", "=", "8"), [])
        self.assertEqual(offers("analyze", "edge.h5", "-o", ""), ["eden"] + self.folders())
        self.assertEqual(offers("merge", "a.h5", "b.h5", "ed"), ["eden", "edge.h5"])
        self.assertEqual(offers("theory", "--activation", "ta"), ["tanh"])
        self.assertIn("--time-limit", offers("sweep", "edge.toml", "--"))

    def folders(self):
        return sorted(name for name in os.listdir(self.folder) if os.path.isdir(self.path(name)) and name != "eden")

    def test_bash_completes_what_is_typed(self):
        terminal = self.terminal("bash", "--norc", "--noprofile", "-i")
        terminal.wait_for("ready> ")
        terminal.type(f"source '{self.prefix}/share/bash-completion/completions/varprop'\n")
        terminal.wait_for("ready> ")
        terminal.type("varprop theory --activation ta\t--weight-variance h\t> /dev/null && echo comple''ted\n")
        terminal.wait_for(r"--activation tanh --weight-variance he ")
        terminal.wait_for("completed")

    def test_zsh_completes_what_is_typed(self):
        self.write("edge.toml", "")
        terminal = self.terminal("zsh", "-f", "-i")
        terminal.type(f"PS1='ready> '; fpath=('{self.prefix}/share/zsh/site-functions' $fpath)\n"
                      "autoload -U compinit; compinit -u -D; unsetopt zle_bracketed_paste; echo load''ed\n")
        terminal.wait_for("loaded")
        for typed, completed in (("varprop expl\t", "varprop explain "),
                                 ("varprop theory --activation ta\t", "--activation tanh "),
                                 ("varprop sweep ed\t", "sweep edge.toml "),
                                 ("varprop sweep edge.toml --engine ra\t", "--engine radial "),
                                 ("varprop sweep edge.toml --set grid.de\t", r"--set grid.depth="),
                                 ("varprop sweep edge.toml --max\t", "--max-file-size")):
            terminal.type("\x15" + typed)
            with self.subTest(typed=typed):
                terminal.wait_for(re.escape(completed))

    def test_fish_completes_what_is_typed(self):
        self.write("edge.toml", "")
        script = self.prefix / "share/fish/vendor_completions.d/varprop.fish"
        for typed, completed in (("varprop expl", "explain"), ("varprop theory --activation ta", "tanh"), ("varprop sweep ed", "edge.toml"),
                                 ("varprop sweep edge.toml --engine ra", "radial"), ("varprop sweep edge.toml --max", "--max-file-size")):
            said = self.run_tool("fish", "--no-config", "-c", f"source '{script}'; complete -C '{typed}'", cwd=self.folder).stdout
            self.assertEqual([line.split("\t")[0] for line in said.splitlines()][:1], [completed], typed)

    def test_the_module_file_knows_its_prefix(self):
        modules = self.prefix / "share/varprop/modulefiles/varprop"
        (module,) = modules.iterdir()
        lua = shutil.which("lua5.4") or shutil.which("lua")
        stubs = self.write("stubs.lua", """
            function pathJoin(...) return table.concat({...}, "/") end
            local function say(word) return function(...) print(word, ...) end end
            help, whatis, conflict = say("help"), say("whatis"), say("conflict")
            prepend_path, append_path, setenv = say("prepend"), say("append"), say("setenv")
            dofile(arg[1])""")
        said = self.run_tool(lua, stubs, module).stdout
        self.assertIn(f"prepend\tPATH\t{self.prefix}/bin\n", said)
        self.assertIn(f"setenv\tVARPROP_SLURM\t{self.prefix}/share/varprop/slurm\n", said)
        self.assertNotIn("@", said)

    def test_the_debian_package_holds_what_debian_wants(self):
        folder = self.path("package")
        self.run_tool("cpack", "--config", self.build / "CPackConfig.cmake", "-G", "DEB", "-B", folder)
        (package,) = pathlib.Path(folder).glob("*.deb")
        said = self.run_tool("dpkg-deb", "--info", package).stdout
        self.assertRegex(said, r"Depends: .*libc6 .*libhdf5-103.*libopenmpi3")
        for line in ("Package: varprop", "Section: science", "Architecture: amd64"):
            self.assertIn(f" {line}\n", said)
        self.assertRegex(said, r"Recommends: openmpi-bin, nodejs, librsvg2-bin, python3-xarray")
        contents = self.run_tool("dpkg-deb", "--contents", package).stdout
        for place in ("usr/bin/varprop", "usr/share/man/man1/varprop-sweep.1.gz", "usr/share/doc/varprop/copyright",
                      "usr/share/doc/varprop/changelog.gz", "usr/share/zsh/vendor-completions/_varprop"):
            self.assertRegex(contents, rf"root/root .* \./{place}\n")
        self.assertNotIn("modulefiles", contents)
        self.assertNotIn("usr/local", contents)
