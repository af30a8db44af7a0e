#include "report/figures/figures.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "core/errors.hpp"
#include "core/storage/file_descriptor.hpp"
#include "core/text/words.hpp"
#include "report/data/report_assets.hpp"

namespace varprop::report {

namespace fs = std::filesystem;

namespace {

/// Where the child's standard streams lead, by their numbers.
using Streams = std::array<FileDescriptor, 3>;

Streams open_streams(const fs::path& output, const fs::path& errors) {
  const auto opened = [](const char* path, int flags) {
    FileDescriptor file(::open(path, flags | O_CLOEXEC, 0600));
    if (!file) throw SystemError(std::string("cannot open ") + path + ": " + system_reason() + ".");
    return file;
  };
  constexpr int anew = O_WRONLY | O_CREAT | O_TRUNC;
  return {opened("/dev/null", O_RDONLY), opened(output.c_str(), anew), opened(errors.c_str(), anew)};
}

/// The child from fork to exec, where only calls that are safe after a fork of a process with threads are
/// allowed. It dies with its parent, also where that is killed; a parent that died before that was arranged
/// is no longer its parent. Where the program cannot be started `refusal` gets the error's number.
[[noreturn]] void become(char* const* argv, const Streams& streams, pid_t parent, int refusal) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  for (int stream = 0; stream < 3; ++stream) ::dup2(streams[static_cast<std::size_t>(stream)].get(), stream);
  ::execv(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const auto told = ::write(refusal, &error, sizeof error);
  ::_exit(127);
}

/// The error's number of a child that could not become its program; 0 where it did, which closes the pipe.
int refusal_of(const FileDescriptor& pipe) {
  int error = 0;
  ssize_t got = 0;
  do got = ::read(pipe.get(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t start(char* const* argv, const Streams& streams) {
  const auto refuse = [&](int error) {
    throw SystemError(std::string("cannot start ") + argv[0] + ": " + system_reason(error) + ".");
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) refuse(errno);
  const FileDescriptor heard(ends[0]);
  FileDescriptor told(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(argv, streams, parent, told.get());
  if (child < 0) refuse(errno);
  told = FileDescriptor();  // closed here, so that the child's is the last
  if (const int refused = refusal_of(heard); refused != 0) {
    wait_for(child);
    refuse(refused);
  }
  return child;
}

}  // namespace

std::optional<fs::path> find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code unknown;
    if (fs::is_regular_file(candidate, unknown) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

ChildOutput run_child(const std::vector<std::string>& arguments, const fs::path& scratch) {
  const fs::path output = scratch / "child.out", errors = scratch / "child.err";
  const Streams streams = open_streams(output, errors);
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int exit_code = wait_for(start(argv.data(), streams));
  return {exit_code, text_of(output), text_of(errors)};
}

namespace fs = std::filesystem;

namespace {

constexpr const char* list_name = "drawn.txt";

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool FigureFolder::is_drawn() const {
  std::error_code unknown;
  return fs::exists(path_ / list_name, unknown);
}

/// Only names within the folder count, whatever the list says.
std::vector<std::string> FigureFolder::listed() const {
  std::vector<std::string> names;
  std::ifstream list(path_ / list_name);
  for (std::string line; std::getline(list, line);) {
    if (line == fs::path(line).filename() && !line.empty()) names.push_back(line);
  }
  return names;
}

void FigureFolder::replace(Replacement& files, const fs::path& drawn,
                           const std::vector<std::string>& names) const {
  const fs::path folder = path_.filename();
  for (const std::string& name : names) {
    const StagedFile picture = files.file(folder / name);
    std::error_code error;
    fs::rename(drawn / name, picture.path, error);
    if (error)
      throw SystemError(fmt::format("cannot write {}: {}.", picture.final_path.string(), error.message()));
  }
  for (const std::string& name : listed()) {
    if (!contains(names, name)) files.remove(folder / name);
  }
  write_text(files.file(folder / list_name), {join(names, "\n"), "\n"});
}

namespace fs = std::filesystem;

namespace {

constexpr const char* png_zoom = "--zoom=4";  // about 400 points an inch

/// Debian has both names.
std::optional<fs::path> find_node() {
  const auto node = find_program("node");
  return node ? node : find_program("nodejs");
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

/// What is put into a folder that nobody sees.
void write_into(const fs::path& folder, const char* name, std::string_view text) {
  write_text({folder / name, folder / name}, {text});
}

/// Draws into scratch/drawn; the names of the pictures and what node said about them.
struct Drawn {
  std::vector<std::string> names;
  std::string remark;
};

Drawn draw(const fs::path& scratch, std::string_view data) {
  write_into(scratch, "figures.mjs", figures_program());
  write_into(scratch, "data.json", data);
  fs::create_directory(scratch / "drawn");
  const auto said = run_child({find_node()->string(), (scratch / "figures.mjs").string(),
                               (scratch / "data.json").string(), (scratch / "drawn").string()},
                              scratch);
  if (said.exit_code != 0)
    throw SystemError(fmt::format("node could not draw the figures: {}", trimmed(said.errors)));
  Drawn drawn{{}, trimmed(said.errors)};
  std::istringstream lines(said.output);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) drawn.names.push_back(fs::path(line).filename().string());
  }
  return drawn;
}

/// The picture as PNG beside it.
std::string rasterize(const fs::path& converter, const fs::path& folder, const std::string& name,
                      const fs::path& scratch) {
  const std::string png = fs::path(name).replace_extension(".png").string();
  const auto said = run_child({converter.string(), png_zoom, "--background-color=white", "-o",
                               (folder / png).string(), (folder / name).string()},
                              scratch);
  if (said.exit_code != 0)
    throw SystemError(fmt::format("rsvg-convert could not convert {}: {}", name, trimmed(said.errors)));
  return png;
}

}  // namespace

void validate_figures(const fs::path& directory) {
  validate(!figures_program().empty(), fmt::format("--figures: {}.", built_without_npm));
  validate(find_node().has_value(), "--figures: node draws them, and it is not on the PATH.");
  std::error_code unknown;
  const fs::path figures = FigureFolder(directory).path();
  validate(!fs::exists(figures, unknown) || fs::is_directory(figures, unknown),
           fmt::format("cannot write into {}: it is a file, and a directory is wanted.", figures.string()));
}

std::string older_figures(const fs::path& directory) {
  const FigureFolder figures(directory);
  if (!figures.is_drawn()) return "";
  return fmt::format("{} is of an earlier analysis; --figures draws it anew", figures.path().string());
}

std::string draw_figures(Replacement& files, std::string_view data) {
  const fs::path scratch = files.scratch("drawing");
  Drawn drawn = draw(scratch, data);
  const fs::path folder = scratch / "drawn";
  const std::size_t pictures = drawn.names.size();
  const auto converter = find_program("rsvg-convert");
  for (std::size_t i = 0; converter && i < pictures; ++i)
    drawn.names.push_back(rasterize(*converter, folder, drawn.names[i], scratch));
  const FigureFolder figures(files.directory());
  figures.replace(files, folder, drawn.names);
  std::string sentence = fmt::format("{} ({} SVG{})", figures.path().string(), pictures,
                                     converter ? ", the same as PNG" : "; for PNG, rsvg-convert is missing");
  return drawn.remark.empty() ? sentence : sentence + "\n" + drawn.remark;
}

}  // namespace varprop::report
