#include "driver/run/origin.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace varprop {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

Provenance provenance_here(std::string command_line, std::string sweep_file, std::string mpi_version) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {std::move(command_line), std::move(sweep_file), std::move(mpi_version), host_name(),
          fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now)};
}

}  // namespace varprop
