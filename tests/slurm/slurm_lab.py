"""A SLURM cluster of several nodes on this machine: a munged, a slurmctld and slurmds of our own, ended by their ids.

What it takes: an authentication socket of our own, scratch folders per node (PMIx puts its files there), and Open MPI on
loopback TCP with its shared memory per node, since the nodes are one host.
"""

import atexit
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from script_test import PATIENCE

CONFIGURATION = """
ClusterName=lab
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort={port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/run/%n
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd-%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd-%n.log
TmpFS={folder}/tmp/%n
TaskProlog={folder}/task_prolog
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
MpiDefault=pmix
ReturnToService=2
KillWait=5
MinJobAge=3600
SlurmdTimeout=10
SlurmdParameters=config_overrides
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
NODE = "NodeName=n{i} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=4 RealMemory=2000 State=UNKNOWN\n"
TASK_PROLOG = """#!/bin/sh
for variable in osc_sm_backing_directory shmem_mmap_backing_file_base_dir btl_vader_backing_directory; do
  echo "export OMPI_MCA_$variable={folder}/tmp/$SLURMD_NODENAME"
done
echo "export OMPI_MCA_btl=self,tcp"
echo "export OMPI_MCA_btl_tcp_if_include=lo"
"""
DAEMONS = ("munged", "slurmctld", "slurmd")


class SlurmLab:
    """Up from the constructor to down(). `environment` is for the commands of a user of this cluster."""

    def __init__(self, nodes):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="varprop-slurm-"))
        self.nodes = [f"n{i + 1}" for i in range(nodes)]
        self.outputs = None  # the folder of the jobs' own logs
        # PMIx's store in shared memory (ds21) is known to crash a rank at its start now and then; hash needs none.
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"), TMPDIR=str(self.folder / "tmp"),
                                PMIX_MCA_gds="hash",
                                OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        atexit.register(self.down)  # whatever happens; a test that is terminated is interrupted like one by Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._write_configuration()
        self._start_daemons()

    @staticmethod
    def obstacle():
        """Why there can be no cluster here, or None."""
        missing = [name for name in DAEMONS if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
        if missing:
            return f"{', '.join(missing)} not installed"
        return None if os.geteuid() == 0 else "slurmd needs root"

    def _write_configuration(self):
        for name in ("state", "log", "run", "munge", "tmp", *(f"tmp/{n}" for n in self.nodes),
                     *(f"run/{n}" for n in self.nodes)):
            (self.folder / name).mkdir(mode=0o755)
        self.folder.chmod(0o755)
        key = self.folder / "munge/key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        ports = free_ports(len(self.nodes) + 1)
        host = socket.gethostname().split(".")[0]
        text = CONFIGURATION.format(host=host, port=ports[0], folder=self.folder)
        nodes = "".join(NODE.format(i=i + 1, host=host, port=ports[i + 1]) for i in range(len(self.nodes)))
        (self.folder / "slurm.conf").write_text(text.replace("PartitionName", nodes + "PartitionName"))
        prolog = self.folder / "task_prolog"
        prolog.write_text(TASK_PROLOG.format(folder=self.folder))
        prolog.chmod(0o755)

    def _start_daemons(self):
        munge = self.folder / "munge"
        self._start("munged", f"--socket={munge}/socket", f"--key-file={munge}/key", f"--pid-file={munge}/pid",
                    f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        self._start("slurmctld", "-f", self.environment["SLURM_CONF"])
        for node in self.nodes:
            self._start("slurmd", "-f", self.environment["SLURM_CONF"], "-N", node)
        self.wait_for(lambda: self.run("sinfo", "-h", "-t", "idle", "-o", "%D").strip() == str(len(self.nodes)),
                      "the nodes are idle")

    def _start(self, daemon, *words):
        path = shutil.which(daemon, path=os.environ["PATH"] + ":/usr/sbin")
        done = subprocess.run([path, *words], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{daemon}: {done.stderr}{self.logs()}")

    def run(self, *words, cwd=None):
        """A user's command; its output."""
        done = subprocess.run(list(map(str, words)), env=self.environment, capture_output=True, text=True, check=False,
                              timeout=PATIENCE, cwd=cwd)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done.stdout

    def wait_for(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain until {what}\n{self.logs()}")
            time.sleep(0.1)

    def job(self, number):
        """What scontrol says of a job, as a dictionary."""
        words = self.run("scontrol", "show", "job", "-o", number).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def restarts(self, array):
        """How often each task of an array was put back into the queue; ascending."""
        return sorted(int(count) for count in re.findall(r" Restarts=(\d+) ", self.run("scontrol", "show", "job", "-o", array)))

    def wait_for_job(self, number):
        """Until the job has ended; what scontrol says of it then."""
        ended = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "OUT_OF_MEMORY")
        self.wait_for(lambda: self.job(number)["JobState"] in ended, f"job {number} has ended")
        return self.job(number)

    def steps(self, node):
        """Every process of a node's jobs."""
        return [pid for step in steps_of(self.folder / f"log/slurmd-{node}.log") for pid in [*descendants(step), step]]

    def kill_node(self, node):
        """The node is gone: its daemon and everything that runs below it, at once. SLURM would notice by itself, after
        SlurmdTimeout and some; it is told, as a cluster's health check tells it.
        """
        daemon = int((self.folder / f"run/slurmd-{node}.pid").read_text())
        for pid in [*descendants(daemon), daemon, *self.steps(node)]:
            kill(pid, signal.SIGKILL)
        self.run("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=lost")

    def kill_task(self, node, program):
        """A crash: the processes of this program on a node end at once, and nobody is told."""
        killed = [pid for pid, _, command in processes() if pid in self.steps(node) and command.startswith(str(program))]
        for pid in killed:
            kill(pid, signal.SIGKILL)
        assert killed, f"no {program} runs on {node}"

    def start_node(self, node):
        """A lost node is back, with nothing on its own disks."""
        for folder in (self.folder / "run" / node, self.folder / "tmp" / node):
            shutil.rmtree(folder)
            folder.mkdir()
        self._start("slurmd", "-f", self.environment["SLURM_CONF"], "-N", node)

    def logs(self):
        paths = [*sorted((self.folder / "log").glob("*")), *(sorted(self.outputs.glob("job-*.log")) if self.outputs else ())]
        return "".join(f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in paths)

    def down(self):
        if (self.folder / "run/slurmctld.pid").exists():
            subprocess.run(["scancel", "--state=PENDING,RUNNING", "-u", "root"], env=self.environment, check=False,
                           capture_output=True, timeout=PATIENCE)
        pids = [int(path.read_text()) for path in [*self.folder.glob("run/*.pid"), *self.folder.glob("munge/pid")]
                if path.read_text().strip()]
        below = [child for pid in pids for child in descendants(pid)]
        below += [pid for node in self.nodes for pid in self.steps(node)]
        for pid in pids:
            kill(pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while any(map(alive, pids)) and time.monotonic() < end:
            time.sleep(0.05)
        for pid in [*below, *pids]:
            kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def kill(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def processes():
    """(pid, parent, command line) of every process."""
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            yield int(path.name), parent, (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError):
            continue


def descendants(pid):
    children = {}
    for child, parent, _ in processes():
        children.setdefault(parent, []).append(child)
    found, open_ = [], [pid]
    while open_:
        open_ = [child for p in open_ for child in children.get(p, [])]
        found += open_
    return found


def steps_of(log):
    """The slurmstepd processes that write to this log: those of one node of one cluster. They are no children of slurmd."""
    for pid, _, command in processes():
        if not command.startswith("slurmstepd"):
            continue
        try:
            files = [os.readlink(link) for link in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            continue
        if str(log) in files:
            yield pid
