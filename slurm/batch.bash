# Sourced by the batch scripts beside it: where varprop is, when the job ends, how it is launched, when it goes on.

# This job as scontrol names it alone: the number of an array's last task names the whole array.
this_job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
this_job=${this_job:-$SLURM_JOB_ID}

fail_job() {  # SENTENCE...: bad surroundings or usage, exit 2
  printf 'varprop job: %s\n' "$*" >&2
  exit 2
}

find_varprop() {  # sets $varprop
  varprop=$(command -v "${VARPROP:-varprop}") ||
    fail_job "there is no ${VARPROP:-varprop on PATH}. Load its module, or set VARPROP=/where/it/is/varprop."
}

# Not every SLURM sets SLURM_JOB_END_TIME, and one that a login shell left behind is of another job.
export_job_end() {
  local end
  end=$(scontrol show job "$this_job" | sed -n 's/.* EndTime=\([^ ]*\).*/\1/p')
  unset SLURM_JOB_END_TIME
  case $end in
    [0-9]*) SLURM_JOB_END_TIME=$(date -d "$end" +%s) && export SLURM_JOB_END_TIME ;;
  esac
}

done_units() {  # RESULTS: how many units are done; 0 where there is no file yet
  local count
  count=$("$varprop" status "$1" --json 2>/dev/null | sed -n 's/^ *"done": *\([0-9]*\),*$/\1/p')
  echo "${count:-0}"
}

# Runs a command on every task of the job; SIGUSR1 to the script reaches it, and it then stops in order.
launch() {  # COMMAND...
  case ${LAUNCHER:-srun} in
    srun)
      # srun takes over --cpus-per-task of the job only from here (SLURM 22.05 and later).
      [ -z "${SLURM_CPUS_PER_TASK:-}" ] || export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK
      # A minute after a rank has crashed, srun ends the others, which would wait for it until the job's end.
      export SLURM_WAIT=${SLURM_WAIT:-60}
      set -- srun --mpi="${MPI_PLUGIN:-pmix}" "$@"
      ;;
    mpirun) set -- mpirun --bind-to none ${SLURM_JOB_END_TIME:+-x SLURM_JOB_END_TIME} "$@" ;;
    none) ;;
    *) fail_job "LAUNCHER=$LAUNCHER is not known; allowed are srun, mpirun and none." ;;
  esac
  "$@" &
  local child=$!
  trap 'kill -USR1 "$child" 2>/dev/null' USR1
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child"
}

# Puts the job back into the queue if this run has got on; else ends with the code.
requeue_or_end() {  # RESULTS CODE DONE_BEFORE
  local now
  now=$(done_units "$1")
  if [ "$now" -le "$3" ]; then
    echo "varprop job: no unit was finished in this run (exit code $2): it does not go on by itself." >&2
    exit "$2"
  fi
  echo "varprop job: $((now - $3)) units in this run (exit code $2), $now in all; requeued to go on." >&2
  scontrol requeue "$this_job" || exit "$2"
  sleep 120  # until SLURM ends this run
  exit "$2"
}

# Whether an exit code is of a process that crashed: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.
is_crash() {  # CODE
  case $1 in 132 | 134 | 135 | 136 | 139) return 0 ;; *) return 1 ;; esac
}

# Sweeps as far as this job gets. Complete, failed units and bad input end the job; everything else, a time limit or a
# lost node, requeues it as long as the done count rises. A crash before any unit was finished is tried again once: MPI
# libraries have crashed while ranks connected right after a lost node's were killed.
sweep() {  # RESULTS COMMAND...
  local results=$1 before code=0
  before=$(done_units "$results")
  launch "${@:2}" || code=$?
  if is_crash "$code" && [ "$(done_units "$results")" -le "$before" ]; then
    echo "varprop job: crashed before any unit was finished (exit code $code): once more." >&2
    code=0
    launch "${@:2}" || code=$?
  fi
  case $code in
    0 | 2 | 3) return "$code" ;;
    *) requeue_or_end "$results" "$code" "$before" ;;
  esac
}
