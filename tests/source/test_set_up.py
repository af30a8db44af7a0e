"""quickstart, run-tests and benchmarks/run where they cannot install anything: they name the packages and stop with exit
code 2.
"""

import os
import pathlib
import shutil
import subprocess

from script_test import PATIENCE, ScriptTest

SOURCE = ScriptTest.source()
TOOLS = ["bash", "basename", "dirname", "env", "grep", "id", "mkdir", "nproc", "mv", "readlink", "sed", "sleep",
         "tail"]


class SetUp(ScriptTest):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.folder)
        self.copy = self.folder / "tree"
        (self.copy / "cmake").mkdir(parents=True)
        (self.copy / "benchmarks").mkdir()
        for name in ("quickstart", "run-tests", "benchmarks/run", "cmake/set-up.bash", "cmake/packages.txt"):
            shutil.copy(SOURCE / name, self.copy / name)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def add_tool(self, name, script):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text("#!" + shutil.which("bash") + "\n" + script)
        path.chmod(0o755)

    def run_script(self, name):
        return subprocess.run([self.copy / name], env={"PATH": str(self.bin)}, cwd=self.folder, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)

    def packages(self, *groups):
        lines = (SOURCE / "cmake/packages.txt").read_text().splitlines()
        return [line.split()[1] for line in lines if line.split() and line.split()[0] in groups]

    def test_elsewhere_than_debian_the_packages_are_named(self):
        for script, groups in (("quickstart", ["build"]), ("run-tests", ["build", "test"]),
                               ("benchmarks/run", ["build", "benchmark"])):
            done = self.run_script(script)
            with self.subTest(script=script):
                self.assertEqual(done.returncode, 2)
                self.assertIn("this is not a Debian system", done.stderr)
                for package in self.packages(*groups):
                    self.assertIn(package, done.stderr.split())

    def test_without_root_the_missing_packages_are_named(self):
        self.add_tool("apt-get", "exit 99")
        self.add_tool("dpkg-query", '[ "${*: -1}" = libhwy-dev ] && exit 1; printf "ii "')
        self.add_tool("id", "echo 1000")
        done = self.run_script("quickstart")
        self.assertEqual(done.returncode, 2)
        self.assertIn("sudo apt-get install libhwy-dev\n", done.stderr)

    def test_only_what_is_missing_is_installed(self):
        log = self.folder / "apt.log"
        self.add_tool("apt-get", f'echo "$@" >>{log}')
        self.add_tool("dpkg-query", '[ "${*: -1}" = libhwy-dev ] && exit 1; printf "ii "')
        self.add_tool("id", "echo 0")
        self.add_tool("cmake", "exit 7")
        self.add_tool("cat", "true")
        self.assertNotEqual(self.run_script("quickstart").returncode, 0)
        self.assertEqual(log.read_text().splitlines()[-1].split()[-1], "libhwy-dev")
        self.assertIn("--no-install-recommends libhwy-dev", log.read_text())

    def test_nothing_is_installed_where_nothing_is_missing(self):
        log = self.folder / "apt.log"
        self.add_tool("apt-get", f'echo "$@" >>{log}')
        self.add_tool("dpkg-query", 'printf "ii "')
        self.add_tool("cmake", "exit 7")
        self.add_tool("cat", "true")
        self.run_script("run-tests")
        self.assertFalse(log.exists())

    def test_what_a_stopped_script_began_ends_with_it(self):
        """Seen red with the one process ended that the script had started itself."""
        pid_file = self.folder / "pid"
        self.add_tool("apt-get", "exit 0")
        self.add_tool("dpkg-query", 'printf "ii "')
        self.add_tool("cmake", f"sleep 1000 & echo $! >{pid_file}.new; mv {pid_file}.new {pid_file}; wait")
        process = subprocess.Popen([self.copy / "quickstart"], env={"PATH": str(self.bin)}, cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.wait_until(pid_file.exists, "the build is under way", process)
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), 143)
        self.assertIn("stopped", process.stderr.read())
        stat = pathlib.Path("/proc", pid_file.read_text().strip(), "stat")
        self.wait_until(lambda: not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z", "its child has ended")

    def test_a_log_that_cannot_be_written_is_named(self):
        self.add_tool("apt-get", "exit 0")
        self.add_tool("dpkg-query", 'printf "ii "')
        (self.copy / "build/configure.log").mkdir(parents=True)
        done = self.run_script("quickstart")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot write build/configure.log", done.stderr)
