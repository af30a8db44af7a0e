#include "driver/commands/exit.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <new>

#include "core/contracts.hpp"
#include "core/parallel/communicator.hpp"
#include "core/storage/hdf5_watchdog.hpp"
#include "core/terminal_text.hpp"

namespace varprop {

namespace {

/// Without a byte of memory. What was taken has gone back by now, but nobody knows how much that is.
void complain_of_memory() {
  const int rank = rank_from_environment();
  if (rank == 0) {
    std::fputs("varprop: ", stderr);
  } else {
    std::fprintf(stderr, "varprop: rank %d: ", rank);
  }
  std::fputs(
      "this process is out of memory. Let it have more (ulimit -v, or --mem of its job); fewer threads need "
      "less. Results that were committed before are safe.\n",
      stderr);
}

}  // namespace

void complain(const std::string& sentence) {
  if (rank_from_environment() == 0) print_error_line(sentence);
}

ExitCode guarded(const std::function<ExitCode()>& command) {
  hdf5::end_endless_calls_by(&end_all_ranks);
  std::string sentence;
  try {
    return command();
  } catch (const InputError& error) {
    complain(error.what());
    return ExitCode::bad_input;
  } catch (const std::bad_alloc&) {
    complain_of_memory();
    return ExitCode::failure;
  } catch (const std::filesystem::filesystem_error& error) {
    sentence = fmt::format("{}: {}.", error.path1().string(), error.code().message());
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  const int rank = rank_from_environment();
  const std::string who = rank == 0 ? "" : fmt::format("rank {}: ", rank);
  print_error_line(who + sentence);
  return ExitCode::failure;
}

}  // namespace varprop
