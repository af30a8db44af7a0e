#include "driver/run/fault.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <map>
#include <new>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "driver/schedule/duration.hpp"

namespace varprop::driver {

namespace {

constexpr std::array words{std::pair{std::string_view("throw"), Fault::Kind::unit_throws},
                           std::pair{std::string_view("starve"), Fault::Kind::unit_starves},
                           std::pair{std::string_view("hang"), Fault::Kind::unit_hangs},
                           std::pair{std::string_view("kill"), Fault::Kind::unit_kills},
                           std::pair{std::string_view("write"), Fault::Kind::write_fails},
                           std::pair{std::string_view("slow"), Fault::Kind::units_slow}};
constexpr rlim_t writable_bytes = 4096;

constexpr std::chrono::milliseconds longest_nap{5};

[[noreturn]] void hang(const workers::StopFlag& stop) {
  while (!stop) std::this_thread::sleep_for(longest_nap);
  throw workers::Stopped();
}

}  // namespace

Fault Fault::parse(const std::string& text) {
  const auto at = text.find('@');
  const auto number = at == std::string::npos ? std::nullopt : parse_number(text.substr(at + 1));
  for (const auto& [word, kind] : words) {
    if (text.substr(0, at) == word && number && *number >= 0)
      return {kind, static_cast<std::int64_t>(*number)};
  }
  throw InputError(fmt::format(
      "\"{}\" is no fault; allowed are throw@SLOT, starve@SLOT, hang@SLOT, kill@SLOT, write@COMMIT and "
      "slow@FACTOR.",
      text));
}

void Fault::before_unit(std::int64_t slot, const workers::StopFlag& stop) const {
  if (slot != at) return;
  if (kind == Kind::unit_throws) throw std::runtime_error("a fault on purpose (--fault)");
  if (kind == Kind::unit_starves) throw std::bad_alloc();
  if (kind == Kind::unit_hangs) hang(stop);
  if (kind == Kind::unit_kills) ::kill(::getpid(), SIGKILL);
}

void Fault::after_unit(Record& record, double predicted_seconds, const workers::StopFlag& stop) const {
  using Clock = std::chrono::steady_clock;
  if (kind != Kind::units_slow) return;
  const std::chrono::duration<double> missing(static_cast<double>(at) * predicted_seconds -
                                              record.wall_seconds);
  const auto begin = Clock::now();
  while (Clock::now() - begin < missing) {
    workers::throw_if_stopped(stop);
    std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(missing, longest_nap));
  }
  record.wall_seconds += std::chrono::duration<double>(Clock::now() - begin).count();
}

void Fault::before_commit(std::int64_t K) const {
  if (kind != Kind::write_fails || K < at) return;
  const rlimit limit{writable_bytes, writable_bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

Patience Patience::parse(const std::string& text) {
  Patience patience;
  const std::map<std::string, double*> times{
      {"commit", &patience.commit}, {"writer", &patience.writer}, {"answer", &patience.answer}};
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto equals = part.find('=');
    const auto time = times.find(part.substr(0, equals));
    validate(
        time != times.end() && equals != std::string::npos,
        fmt::format("\"{}\" is no patience; allowed are commit=TIME, writer=TIME and answer=TIME, joined by "
                    "commas.",
                    part));
    *time->second = parse_duration(part.substr(equals + 1));
  }
  return patience;
}

}  // namespace varprop::driver
