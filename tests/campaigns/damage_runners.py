"""Running varprop's commands within limits: as a program of its own, or in the server that has it loaded."""

import os
import pathlib
import resource
import subprocess
import tempfile

from damage_trials import Outcome

PROCESSOR_SECONDS = 60      # after which a command counts as one that does not end
ADDRESS_SPACE = 4 << 30     # bytes, of a program without sanitizers
ENVIRONMENT = dict(os.environ, VARPROP_HDF5_SECONDS="0.5", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   ASAN_OPTIONS="detect_leaks=0:max_allocation_size_mb=2000:allocator_may_return_null=1:abort_on_error=1:"
                                f"suppressions={pathlib.Path(__file__).resolve().parent / 'hdf5.supp'}",
                   UBSAN_OPTIONS="print_stacktrace=1")


class Program:
    """Runs varprop as a process of its own."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.sanitized = b"sanitizers" in subprocess.run([self.path, "--version"], capture_output=True, check=True).stdout

    def __call__(self, words, folder):
        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
            if not self.sanitized:
                resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen([self.path, *map(str, words)], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=err, preexec_fn=limit)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return outcome(process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss, *texts)


class Server:
    """Runs varprop's commands in command_server.cpp."""

    def __init__(self, path):
        self.process = subprocess.Popen([os.path.abspath(path)], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, words, folder):
        streams = [f"{folder}.out", f"{folder}.err"]
        fields = [str(folder), *streams, str(PROCESSOR_SECONDS), "varprop", *map(str, words)]
        self.process.stdin.write(b"".join(field.encode() + b"\0" for field in [str(len(fields)), *fields]))
        self.process.stdin.flush()
        how, number, seconds, kilobytes = self.process.stdout.readline().split()
        texts = [pathlib.Path(path).read_text(encoding="utf-8", errors="replace") for path in streams]
        return outcome(int(number) if how == b"exit" else -int(number), float(seconds), int(kilobytes), *texts)


def outcome(code, seconds, kilobytes, out, err):
    return Outcome(code if code >= 0 else None, -code if code < 0 else None, seconds, kilobytes, out, err)
