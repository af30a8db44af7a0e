#include "core/build_info.hpp"

#include "git_commit.hpp"

namespace varprop {

std::string program_version() {
  return VARPROP_VERSION;
}
std::string git_commit() {
  return VARPROP_GIT_COMMIT;
}
std::string compiler() {
  return VARPROP_COMPILER;
}
std::string build_flags() {
  return VARPROP_BUILD_FLAGS;
}
std::string program_summary() {
  return VARPROP_SUMMARY;
}

}  // namespace varprop
