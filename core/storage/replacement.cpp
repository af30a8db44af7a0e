#include "core/storage/replacement.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <new>
#include <set>
#include <thread>

#include "core/errors.hpp"
#include "core/storage/companion_paths.hpp"

namespace varprop {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = "owner.lock";
constexpr std::size_t buffer_bytes = std::size_t{1} << 16;
constexpr std::chrono::seconds longest_turn{60};  ///< an exchange takes moments
constexpr std::chrono::milliseconds between_tries{5};

void bring_to_disk(const fs::path& path, int flags, const fs::path& name) {
  const FileDescriptor opened(::open(path.c_str(), flags | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) {
    throw SystemError("cannot bring " + name.string() + " to the disk: " + system_reason());
  }
}

void bring_folder_to_disk(const fs::path& folder) {
  bring_to_disk(folder, O_RDONLY | O_DIRECTORY, folder);
}

/// The turn of one process in a directory, over as soon as it is closed; nothing where the file system has no
/// locks of directories (NFS). Throws SystemError where another process does not end its turn.
FileDescriptor take_turn(const fs::path& directory) {
  FileDescriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto end = std::chrono::steady_clock::now() + longest_turn;
  while (opened && ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return {};
    if (std::chrono::steady_clock::now() >= end)
      throw SystemError(fmt::format(
          "cannot write into {}: another process has had that directory locked for {} s. Run again when it "
          "has ended.",
          directory.string(), longest_turn.count()));
    std::this_thread::sleep_for(between_tries);
  }
  return opened;
}

/// A lock of the whole file; false where another process has it, or where the file system has no locks.
bool lock(const FileDescriptor& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file.get(), F_OFD_SETLK, &whole) == 0;
}

bool is_staging(const fs::path& path) {
  std::error_code unknown;
  return path.extension() == ".part" && fs::is_directory(path, unknown) && !fs::is_symlink(path, unknown);
}

/// NAME.PID.part or NAME.PID.NUMBER.part.
bool is_named_after(const fs::path& staging, const std::string& name) {
  const std::string stem = staging.stem();
  return stem.size() > name.size() + 1 && stem.compare(0, name.size() + 1, name + ".") == 0 &&
         stem.find_first_not_of("0123456789.", name.size()) == std::string::npos;
}

/// Whose owner is gone. Without its lock file the name must tell that it is one: it is then left from the
/// last moment of a killed one's clearing, or from an older release, if none is just being made.
bool is_left(const fs::path& staging, const std::string& name, bool none_is_made) {
  const FileDescriptor file(::open((staging / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (file) return lock(file);
  return errno == ENOENT && none_is_made && is_named_after(staging, name);
}

/// The lock file goes last: whoever is killed on the way leaves a place that is known as left.
void remove_staging(const fs::path& staging) try {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(staging, ignored)) {
    if (entry.path().filename() != lock_name) fs::remove_all(entry.path(), ignored);
  }
  fs::remove(staging / lock_name, ignored);
  fs::remove(staging, ignored);
} catch (const std::exception&) {
  // no memory, or a folder that cannot be read to its end: the next one clears it
}

void clear_left(const fs::path& directory, const std::string& name, bool none_is_made) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (is_staging(entry.path()) && is_left(entry.path(), name, none_is_made)) remove_staging(entry.path());
  }
}

/// Makes a directory and those above it; those that were missing come to `made`, the ones above first.
void make_directory(const fs::path& directory, std::vector<fs::path>& made) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path path = directory; !path.empty() && !fs::exists(path, error); path = path.parent_path())
    missing.push_back(path);
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    if (!fs::create_directory(*path, error) && error)
      throw SystemError(
          fmt::format("cannot create the directory {}: {}.", directory.string(), error.message()));
    made.push_back(*path);
  }
}

/// Signals that would end the process wait while this lives.
class SignalsHeldOff {
 public:
  SignalsHeldOff() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2}) ::sigaddset(&held, signal);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalsHeldOff() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeldOff(const SignalsHeldOff&) = delete;
  SignalsHeldOff& operator=(const SignalsHeldOff&) = delete;

 private:
  sigset_t before_{};
};

bool stands(const fs::path& path) {
  std::error_code unknown;
  return fs::symlink_status(path, unknown).type() != fs::file_type::not_found;
}

bool move_name(const fs::path& from, const fs::path& to, Namesake namesake = Namesake::replaced) {
  if (namesake == Namesake::kept) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;  // else a file system that cannot tell
  }
  return std::rename(from.c_str(), to.c_str()) == 0;
}

/// For file systems that cannot exchange two names at once: for a moment nothing stands in the place.
bool exchange_by_steps(const fs::path& staged, const fs::path& place) {
  const fs::path aside = staged.string() + ".aside";
  if (!move_name(place, aside)) return false;
  if (move_name(staged, place)) return move_name(aside, staged);
  const int reason = errno;
  move_name(aside, place);
  errno = reason;
  return false;
}

/// What stands under the two names changes places, where only one is there it moves: done twice, all is as it
/// was. False where the system refuses.
bool exchange(const fs::path& staged, const fs::path& place) {
  if (!stands(place)) return !stands(staged) || move_name(staged, place);
  if (!stands(staged)) return move_name(place, staged);
  if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) return true;
  return (errno == EINVAL || errno == ENOSYS) && exchange_by_steps(staged, place);
}

}  // namespace

void durable_rename(const fs::path& finished, const fs::path& final_path, Namesake namesake) {
  bring_to_disk(finished, O_RDONLY, finished);
  if (!move_name(finished, final_path, namesake)) {
    throw SystemError("cannot rename " + finished.string() + " to " + final_path.string() + ": " +
                      system_reason());
  }
  bring_folder_to_disk(folder_of(final_path));
}

Replacement::Replacement(const fs::path& directory, const std::string& name) : directory_(directory) {
  try {
    make_directory(directory_, made_);
    const FileDescriptor turn = take_turn(directory_);
    clear_left(directory_, name, static_cast<bool>(turn));
    make_staging(name);
  } catch (...) {
    discard();
    throw;
  }
}

Replacement::~Replacement() {
  try {
    discard();
  } catch (const std::bad_alloc&) {
    // the next one clears it
  }
}

void Replacement::make_staging(const std::string& name) {
  staging_ = directory_ / fmt::format("{}.{}.part", name, ::getpid());
  for (int again = 1; stands(staging_); ++again)  // of a process of the same number on another host
    staging_ = directory_ / fmt::format("{}.{}.{}.part", name, ::getpid(), again);
  if (::mkdir(staging_.c_str(), 0777) == 0)
    lock_ = FileDescriptor(::open((staging_ / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_)
    throw SystemError(fmt::format("cannot write into {}: {}.", directory_.string(), system_reason()));
  lock(lock_);
}

void Replacement::discard() {
  if (committed_) return;
  const SignalsHeldOff held;
  if (!staging_.empty()) remove_staging(staging_);
  std::error_code ignored;
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) fs::remove(*path, ignored);
}

fs::path Replacement::scratch(const std::string& name) const {
  const fs::path folder = staging_ / name;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw SystemError(fmt::format("cannot create the directory {}: {}.", folder.string(), error.message()));
  return folder;
}

StagedFile Replacement::file(const fs::path& place) {
  steps_.push_back(
      {scratch(("new" / place).parent_path().string()) / place.filename(), directory_ / place, false});
  return {steps_.back().staged, steps_.back().place};
}

void Replacement::remove(const fs::path& place) {
  steps_.push_back(
      {scratch(("old" / place).parent_path().string()) / place.filename(), directory_ / place, true});
}

void Replacement::bring_all_to_disk() const {
  for (const Step& step : steps_) {
    if (!step.removes) bring_to_disk(step.staged, O_RDONLY, step.place);
  }
}

void Replacement::make_folders() {
  for (const Step& step : steps_) {
    if (!step.removes) make_directory(step.place.parent_path(), made_);
  }
}

void Replacement::exchange_all() const {
  std::size_t done = 0;
  try {
    for (; done < steps_.size(); ++done) {
      const auto& [staged, place, removes] = steps_[done];
      std::error_code unknown;
      if (fs::is_directory(place, unknown))
        throw SystemError(fmt::format("cannot write {}: it is a directory.", place.string()));
      if (!exchange(staged, place))
        throw SystemError(fmt::format("cannot write {}: {}.", place.string(), system_reason()));
    }
    std::set<fs::path> folders;
    for (const Step& step : steps_) {
      if (!step.removes || stands(step.staged)) folders.insert(folder_of(step.place));
    }
    for (const fs::path& folder : folders) bring_folder_to_disk(folder);
  } catch (...) {
    while (done-- > 0) exchange(steps_[done].staged, steps_[done].place);
    throw;
  }
}

void Replacement::commit() {
  bring_all_to_disk();
  const FileDescriptor turn = take_turn(directory_);
  const SignalsHeldOff held;
  make_folders();
  exchange_all();
  committed_ = true;
  remove_staging(staging_);
}

StagedText::StagedText(StagedFile file)
    : file_(std::move(file)),
      descriptor_(::open(file_.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (!descriptor_) fail();
}

void StagedText::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_bytes) flush();
}

void StagedText::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t written = ::write(descriptor_.get(), rest.data(), rest.size());
    if (written < 0 && errno != EINTR) fail();
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void StagedText::close() {
  flush();
  descriptor_ = FileDescriptor();
}

void StagedText::fail() const {
  throw SystemError(fmt::format("cannot write {}: {}.", file_.final_path.string(), system_reason()));
}

void write_text(const StagedFile& file, std::initializer_list<std::string_view> parts) {
  StagedText text(file);
  for (const std::string_view part : parts) text.write(part);
  text.close();
}

}  // namespace varprop
