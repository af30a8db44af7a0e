#include "core/storage/hdf5_watchdog.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <optional>

#include "core/errors.hpp"
#include "core/text/words.hpp"

namespace varprop::hdf5 {

namespace {

constexpr double default_seconds = 5;
constexpr double slowest_bytes_per_second = 20e6;  ///< a tenth of what converting to double takes
constexpr unsigned seconds_to_end = 10;            ///< of the clock, for the other ranks to be told

/// What HDF5 leaves behind of a memory that it wrote over, or of a stack that it filled.
constexpr std::array crashes{SIGSEGV, SIGBUS, SIGFPE, SIGABRT};

std::atomic<const FileTrouble*> trouble = nullptr;
std::atomic<bool> calling = false;
thread_local bool calling_here = false;
std::atomic<void (*)(int)> end_process = &std::_Exit;
std::array<struct sigaction, crashes.size()> before_us;

/// Runs within the call. What may not be called there (MPI, in the middle of a memory allocation) might hang:
/// the alarm is the end of that.
void end_with(const std::string& words) {
  std::signal(SIGALRM, SIG_DFL);
  sigset_t alarm_signal;
  ::sigemptyset(&alarm_signal);
  ::sigaddset(&alarm_signal, SIGALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &alarm_signal, nullptr);
  ::alarm(seconds_to_end);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
  end_process.load()(static_cast<int>(ExitCode::bad_input));
  std::_Exit(static_cast<int>(ExitCode::bad_input));
}

void give_up(int) {
  const FileTrouble* const words = trouble;
  if (calling && words != nullptr) end_with(words->endless);  // else it ended just now
}

/// A crash that is not HDF5's with this file stays what it was.
void break_down(int signal) {
  const FileTrouble* const words = trouble;
  if (calling_here && words != nullptr) end_with(words->crash);
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    if (crashes[i] == signal) ::sigaction(signal, &before_us[i], nullptr);
  }
  ::raise(signal);
}

void handle(int signal, void (*handler)(int), int flags, struct sigaction* before) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigaction(signal, &action, before);
}

/// The handler of a crash needs a stack where this thread's own is full.
void give_another_stack() {
  constexpr std::size_t size = 65536;  ///< bytes
  thread_local std::array<char, size> memory;
  stack_t now{};
  if (::sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
  stack_t stack{};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  ::sigaltstack(&stack, nullptr);
}

void listen_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    handle(SIGVTALRM, give_up, SA_RESTART, nullptr);
    for (std::size_t i = 0; i < crashes.size(); ++i)
      handle(crashes[i], break_down, SA_ONSTACK, &before_us[i]);
  });
}

void listen() {
  listen_once();
  give_another_stack();
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGVTALRM);
  for (const int crash : crashes) ::sigaddset(&signals, crash);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

/// Counts the processor time of the thread that made it.
class Timer {
 public:
  Timer() {
    listen();
    struct sigevent event {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGVTALRM;
    event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
    timer_t id{};
    if (::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &id) == 0) id_ = id;
  }
  ~Timer() {
    if (id_) ::timer_delete(*id_);
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// 0 stops it.
  void set(double seconds) const {
    struct itimerspec span {};
    span.it_value.tv_sec = static_cast<time_t>(seconds);
    span.it_value.tv_nsec = static_cast<long>((seconds - std::floor(seconds)) * 1e9);
    if (id_) ::timer_settime(*id_, 0, &span, nullptr);
  }

 private:
  std::optional<timer_t> id_;  ///< nothing where the system has none to give: then nobody watches
};

/// A process that was forked has its parent's memory, and none of its timers.
const Timer& timer_of_thread() {
  thread_local std::optional<Timer> timer;
  thread_local pid_t owner = 0;
  if (const pid_t here = ::getpid(); owner != here) {
    timer.emplace();
    owner = here;
  }
  return *timer;
}

double seconds_of_a_call() {
  const char* const text = std::getenv("VARPROP_HDF5_SECONDS");
  const auto number = text != nullptr ? parse_number(text) : std::nullopt;
  return number && *number > 0 && *number < 1e6 ? *number : default_seconds;
}

std::string damage_sentence(const std::filesystem::path& path, const char* what) {
  return fmt::format(
      "varprop: {} is damaged: HDF5 {}. It was left as it is: use a copy that is whole, or compute it anew "
      "under another name.\n",
      path.string(), what);
}

}  // namespace

WatchedFile::WatchedFile(const std::filesystem::path& path)
    : trouble_{damage_sentence(path, "does not come to an end with it"),
               damage_sentence(path, "breaks down on it")},
      before_(trouble.exchange(&trouble_)) {}

WatchedFile::~WatchedFile() {
  trouble = before_;
}

TimedCall::TimedCall(double bytes) : timed_(trouble != nullptr && !calling) {
  if (!timed_) return;
  const Timer& timer = timer_of_thread();
  calling = true;
  calling_here = true;
  timer.set(seconds_of_a_call() + bytes / slowest_bytes_per_second);
}

TimedCall::~TimedCall() {
  if (!timed_) return;
  calling_here = false;
  calling = false;
  timer_of_thread().set(0);
}

void end_endless_calls_by(void (*end)(int code)) {
  end_process = end;
}

}  // namespace varprop::hdf5
