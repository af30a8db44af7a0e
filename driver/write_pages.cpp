// At build time: writes the manual pages, the completions and the schema of sweep files into a directory.
//   varprop_pages DIR      DIR/man1/*.1, DIR/bash/varprop, DIR/zsh/_varprop, DIR/fish/varprop.fish,
//                           DIR/sweep.schema.json
#include <filesystem>
#include <fstream>
#include <iostream>

#include "driver/command_line/installed_pages.hpp"
#include "driver/commands/commands.hpp"
#include "driver/sweep_file/schema.hpp"

namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) throw varprop::SystemError("cannot write " + path.string() + ".");
}

void write_pages(const fs::path& directory) {
  fs::remove_all(directory / "man1");  // no page of a command that is no more
  const auto commands = varprop::driver::all_commands("");
  const varprop::driver::Program program = varprop::driver::without_hidden(*commands);
  const auto write_man_page = [&](const varprop::driver::Command& command) {
    write(directory / "man1" / (page_name(program, command) + ".1"), man_page(program, command));
  };
  write_man_page(program.self);
  for (const varprop::driver::Command& command : program.commands) write_man_page(command);
  write(directory / "bash" / "varprop", bash_completion(program));
  write(directory / "zsh" / "_varprop", zsh_completion(program));
  write(directory / "fish" / "varprop.fish", fish_completion(program));
  write(directory / "sweep.schema.json", varprop::driver::sweep_file_schema().dump(2) + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: varprop_pages DIR\n";
    return 2;
  }
  try {
    write_pages(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << "varprop_pages: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
