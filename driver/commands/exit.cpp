#include "driver/commands/exit.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <new>

#include "core/contracts.hpp"
#include "core/parallel/communicator.hpp"

namespace varprop {

void complain(const std::string& sentence) {
  if (rank_from_environment() == 0) fmt::print(stderr, "varprop: {}\n", sentence);
}

ExitCode guarded(const std::function<ExitCode()>& command) {
  try {
    return command();
  } catch (const InputError& error) {
    complain(error.what());
    return ExitCode::bad_input;
  } catch (const std::bad_alloc&) {
    complain("this process is out of memory.");
  } catch (const std::filesystem::filesystem_error& error) {
    complain(fmt::format("{}: {}.", error.path1().string(), error.code().message()));
  } catch (const std::exception& error) {
    complain(error.what());
  }
  return ExitCode::failure;
}

}  // namespace varprop
