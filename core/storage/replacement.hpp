// Files that replace their predecessors as one, or leave them as they are, even where the disk is full or the
// power fails.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/storage/file_descriptor.hpp"

namespace varprop {

/// What a finished file does to one that bears its final name.
enum class Namesake { replaced, kept };

/// Gives a finished file its final name: fsync of the file, rename, fsync of the folder. Throws SystemError;
/// where a namesake is to be kept also because there is one by now.
void durable_rename(const std::filesystem::path& finished, const std::filesystem::path& final_path,
                    Namesake namesake);

/// A file on its way: where it is written, and the name that it is going to bear, which sentences use.
struct StagedFile {
  std::filesystem::path path;
  std::filesystem::path final_path;
};

/// A set of files in one directory. They are written beside their places, and take them all together.
///
/// The staging place is DIRECTORY/NAME.PID.part: removed in the end, and by the next set in that directory
/// where its owner was killed. The owner holds a lock on a file in it, which ends with the owner on every
/// host, whatever its number. Staging places are made, and sets exchanged, one at a time in a directory: the
/// directory itself is locked (flock) meanwhile, where its file system can.
class Replacement {
 public:
  /// Makes the directory and those above it, where they are missing, and the staging place in it. Throws
  /// SystemError.
  Replacement(const std::filesystem::path& directory, const std::string& name);
  /// Without commit() nothing is left of what was written, nor of directories that were made for it.
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  const std::filesystem::path& directory() const { return directory_; }

  /// Where to write the file that is going to be DIRECTORY/`place`; the folder for it is there. It must be
  /// complete and closed at commit(). Throws SystemError.
  StagedFile file(const std::filesystem::path& place);
  /// DIRECTORY/`place` goes with the others, with nothing in its stead.
  void remove(const std::filesystem::path& place);
  /// A folder of this name for what is only needed on the way. Throws SystemError.
  std::filesystem::path scratch(const std::string& name) const;

  /// Brings the files to the disk and then exchanges them for those that stand in their places, while signals
  /// wait, and clears the staging place. Where one cannot be exchanged, the ones before get their places
  /// back. Throws SystemError, also where another process has the directory locked and does not let go of it.
  void commit();

 private:
  struct Step {
    std::filesystem::path staged, place;
    bool removes;
  };

  void make_staging(const std::string& name);
  void discard();
  void bring_all_to_disk() const;
  void make_folders();
  void exchange_all() const;

  std::filesystem::path directory_, staging_;
  FileDescriptor lock_;
  std::vector<Step> steps_;
  std::vector<std::filesystem::path> made_;  ///< directories of ours, those above first
  bool committed_ = false;
};

/// Text that is written into a staged file piece by piece. Throws SystemError, which names the final file.
class StagedText {
 public:
  explicit StagedText(StagedFile file);
  void write(std::string_view text);
  /// Nothing more comes.
  void close();

 private:
  void flush();
  [[noreturn]] void fail() const;

  StagedFile file_;
  FileDescriptor descriptor_;
  std::string buffer_;
};

/// Writes the parts one after the other. Throws SystemError.
void write_text(const StagedFile& file, std::initializer_list<std::string_view> parts);

}  // namespace varprop
