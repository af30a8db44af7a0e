#include "core/storage/hdf5_watchdog.hpp"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "core/errors.hpp"
#include "core/text.hpp"

namespace varprop::hdf5 {

namespace {

constexpr double default_seconds = 5;
constexpr double slowest_bytes_per_second = 20e6;  ///< a tenth of what converting to double takes
constexpr unsigned seconds_to_end = 10;            ///< of the clock, for the other ranks to be told

std::atomic<const std::string*> sentence = nullptr;
std::atomic<bool> calling = false;
std::atomic<void (*)(int)> end_process = &std::_Exit;

/// Runs within the endless call. What may not be called there (MPI, in the middle of a memory allocation)
/// might hang: the alarm is the end of that.
void give_up(int) {
  const std::string* const words = sentence;
  if (!calling || words == nullptr) return;  // it ended just now
  std::signal(SIGALRM, SIG_DFL);
  sigset_t alarm_signal;
  ::sigemptyset(&alarm_signal);
  ::sigaddset(&alarm_signal, SIGALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &alarm_signal, nullptr);
  ::alarm(seconds_to_end);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words->data(), words->size());
  end_process.load()(static_cast<int>(ExitCode::bad_input));
  std::_Exit(static_cast<int>(ExitCode::bad_input));
}

void listen() {
  struct sigaction action {};
  action.sa_handler = give_up;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGVTALRM, &action, nullptr);
  sigset_t signal;
  ::sigemptyset(&signal);
  ::sigaddset(&signal, SIGVTALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &signal, nullptr);
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

const Timer& timer_of_thread() {
  thread_local const Timer timer;
  return timer;
}

double seconds_of_a_call() {
  const char* const text = std::getenv("VARPROP_HDF5_SECONDS");
  const auto number = text != nullptr ? parse_number(text) : std::nullopt;
  return number && *number > 0 && *number < 1e6 ? *number : default_seconds;
}

}  // namespace

WatchedFile::WatchedFile(const std::filesystem::path& path)
    : sentence_(
          fmt::format("varprop: {} is damaged: HDF5 does not come to an end with it. It was left as it is: "
                      "use a copy that is whole, or compute it anew under another name.\n",
                      path.string())),
      before_(sentence.exchange(&sentence_)) {}

WatchedFile::~WatchedFile() {
  sentence = before_;
}

TimedCall::TimedCall(double bytes) : timed_(sentence != nullptr && !calling) {
  if (!timed_) return;
  const Timer& timer = timer_of_thread();
  calling = true;
  timer.set(seconds_of_a_call() + bytes / slowest_bytes_per_second);
}

TimedCall::~TimedCall() {
  if (!timed_) return;
  calling = false;
  timer_of_thread().set(0);
}

void end_endless_calls_by(void (*end)(int code)) {
  end_process = end;
}

}  // namespace varprop::hdf5
