// How --help looks: usage first, then options, then the command's own words, within 80 columns.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace varprop {

/// CLI11's help page with our own usage line, and without the list of positionals that the line already
/// names.
class HelpPage : public CLI::Formatter {
 public:
  /// `usage`: "varprop sweep SWEEP.toml -o RESULTS.h5 [options]".
  explicit HelpPage(std::string usage) : usage_(std::move(usage)) {
    column_width(27);
    label("REQUIRED", "");
  }

  const std::string& usage() const { return usage_; }

  std::string make_usage(const CLI::App*, std::string) const override { return "\nUsage: " + usage_ + "\n"; }
  std::string make_positionals(const CLI::App*) const override { return ""; }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_option_text().empty() ? "" : " " + option->get_option_text();
  }

 private:
  std::string usage_;
};

}  // namespace varprop
