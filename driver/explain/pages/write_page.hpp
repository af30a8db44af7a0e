// A page as a file.
#pragma once

#include <filesystem>
#include <string>

namespace varprop {

/// Whether `name` can be written into `directory`, which may not exist yet. Throws InputError with the
/// reason.
void validate_page_place(const std::filesystem::path& directory, const std::string& name);

/// Writes the page, whole or not at all; makes the directory. Throws SystemError.
void write_page(const std::filesystem::path& directory, const std::string& name, const std::string& page);

}  // namespace varprop
