#include "driver/commands/exit.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <new>

#include "core/contracts.hpp"
#include "core/parallel/communicator.hpp"
#include "core/storage/hdf5_watchdog.hpp"

namespace varprop {

void complain(const std::string& sentence) {
  if (rank_from_environment() == 0) std::fputs(fmt::format("varprop: {}\n", sentence).c_str(), stderr);
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
    sentence = "this process is out of memory.";
  } catch (const std::filesystem::filesystem_error& error) {
    sentence = fmt::format("{}: {}.", error.path1().string(), error.code().message());
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  const int rank = rank_from_environment();
  const std::string who = rank == 0 ? "" : fmt::format("rank {}: ", rank);
  std::fputs(fmt::format("varprop: {}{}\n", who, sentence).c_str(), stderr);
  return ExitCode::failure;
}

}  // namespace varprop
