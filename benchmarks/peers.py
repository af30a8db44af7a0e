"""Dense peers in processes of their own, with as many threads as they are told and no settings of the shell's."""

import json
import os
import pathlib
import subprocess

SERVER = pathlib.Path(__file__).with_name("dense_peer.py")
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
# Settings that pick other kernels than the machine's best, or leave its cores unused.
LEFT_OUT = ("OPENBLAS_", "OMP_", "GOMP_", "MKL_", "KMP_", "NUMPY_", "NPY_", "ATEN_", "TORCH_")


def environment(threads):
    """The shell's, without what would slow a peer down."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return kept | {name: str(threads) for name in THREAD_SETTINGS}


class PeerProcess:
    """dense_peer.py LIBRARY THREADS, kept running."""

    def __init__(self, library, threads):
        self.process = subprocess.Popen(["/usr/bin/python3", str(SERVER), library, str(threads)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(threads))

    def send(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.process.args)} ended with exit code {self.process.wait()}.")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Peer:
    """A library on `processes` × `threads` cores: networks one after another, or `processes` of them at once."""

    def __init__(self, library, processes=1, threads=1):
        self.processes = [PeerProcess(library, threads) for _ in range(processes)]
        about = self.ask({"about": True})[0]
        self.library, self.blas = about["library"], about["blas"]
        self.cores = processes * threads
        self.name = self.library + (f", {processes} networks at once" if processes > 1 else "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.close()

    def ask(self, request):
        for process in self.processes:
            process.send(request)
        return [process.receive() for process in self.processes]

    def seconds_per_replica(self, network, replicas=1):
        """Of wall time; every process simulates so many."""
        answers = self.ask(vars(network) | {"replicas": replicas})
        return max(answer["seconds"] for answer in answers) / len(answers)

    def seconds_per_draw(self, count):
        """Of processor time, as Google Benchmark's."""
        return max(answer["seconds"] for answer in self.ask({"draws": count}))

    def replicas(self, network, count):
        """ln q_L, ln g_1 and ln Θ_W of `count` networks (of the first process: all have the same seed)."""
        self.processes[0].send(vars(network) | {"replicas": count})
        answer = self.processes[0].receive()
        return answer["ln_q_last"], answer["ln_g_first"], answer["ln_ntk"]
