#include "core/storage/results_metadata.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <sstream>

#include "core/build_info.hpp"
#include "core/errors.hpp"
#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "core/sweep/record.hpp"

namespace varprop {

namespace {

using hdf5::read_attribute;
using hdf5::read_text_attribute;
using hdf5::write_attribute;

std::string measure_text(const Sweep& sweep) {
  std::vector<std::string> words;
  for (const Quantity quantity : sweep.measures) words.emplace_back(word_of(quantity));
  return join(words, " ");
}

std::vector<Quantity> measures_of(const std::string& text) {
  std::vector<Quantity> measures;
  std::istringstream words(text);
  for (std::string word; words >> word;) measures.push_back(choice_of<Quantity>(word));
  return measures;
}

template <class Number>
Number whole_number(const std::string& text, const char* what) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  validate(error == std::errc{} && stop == end && !text.empty(),
           fmt::format("its {} \"{}\" is no whole number", what, text));
  return number;
}

}  // namespace

void write_format(const hdf5::FileHandle& file, const Sweep& sweep, const HeldUnits& units) {
  write_attribute(file.id(), "Conventions", "CF-1.9");
  write_attribute(file.id(), "filetype", std::string(units.whole() ? results_filetype : shard_filetype));
  const FormatVersion format = format_of(sweep);
  write_attribute(file.id(), "format_version", fmt::format("{}.{}", format.major, format.minor));
}

FormatVersion read_format(const hdf5::FileHandle& file) {
  const std::string type =
      hdf5::has_attribute(file.id(), "filetype") ? read_text_attribute(file.id(), "filetype") : "";
  validate(type == results_filetype || type == shard_filetype,
           "it is an HDF5 file, but not a results file of varprop");
  const std::string version = read_text_attribute(file.id(), "format_version");
  const auto point = version.find('.');
  const int major = whole_number<int>(version.substr(0, point), "format_version");
  const int newest = newest_format().major;
  validate(
      major <= newest,
      fmt::format(
          "its format {} is newer than this varprop, which reads formats up to {}.x; use a newer varprop",
          version, newest));
  const FormatVersion format{
      major, point == std::string::npos ? 0 : whole_number<int>(version.substr(point + 1), "format_version")};
  validate(format >= first_format, fmt::format("its format_version \"{}\" is none: the first was {}.{}",
                                               version, first_format.major, first_format.minor));
  return format;
}

void write_shard(const hdf5::FileHandle& file, const HeldUnits& units) {
  if (units.whole()) return;
  write_attribute(file.id(), "shard", units.shard()->number);
  write_attribute(file.id(), "shards", units.shard()->count);
}

std::optional<Shard> read_shard(const hdf5::FileHandle& file) {
  if (read_text_attribute(file.id(), "filetype") != shard_filetype) return std::nullopt;
  const Shard shard{read_attribute<std::int32_t>(file.id(), "shard"),
                    read_attribute<std::int32_t>(file.id(), "shards")};
  validate(1 <= shard.number && shard.number <= shard.count,
           fmt::format("there is no shard {} of {}", shard.number, shard.count));
  return shard;
}

void write_settings(const hdf5::FileHandle& file, const Sweep& sweep) {
  const hid_t root = file.id();
  write_attribute(root, "title", sweep.title);
  write_attribute(root, "identity", identity(sweep));
  if (!sweep.grid.is_product()) write_attribute(root, "coordinates", coordinate_names(sweep.grid));
  write_attribute(root, "canonical_text", canonical_text(sweep));
  write_attribute(root, "numerics_version", std::int32_t{numerics_version});
  write_attribute(root, "seed", std::to_string(sweep.seed));
  write_attribute(root, "replicas", static_cast<double>(sweep.replicas));
  write_attribute(root, "replicas_per_batch", sweep.replicas_per_batch());
  write_attribute(root, "batches", sweep.batches);
  write_attribute(root, "variance_scaling", std::string(word_of(sweep.network.variance_scaling)));
  write_attribute(root, "input", std::string(word_of(sweep.network.input)));
  write_attribute(root, "engine_setting", std::string(word_of(sweep.network.engine)));
  write_attribute(root, "measure", measure_text(sweep));
  const double otherwise =
      has_tokens(sweep.grid) ? sweep.network.token_correlation : fill_value(Element::float64);
  write_attribute(root, "input_correlation", sweep.network.input_correlation.value_or(otherwise));
  if (sweep.network.attention_mask != AttentionMask::none)
    write_attribute(root, "attention_mask", std::string(word_of(sweep.network.attention_mask)));
  if (sweep.network.attention_scale != AttentionScale::sqrt)
    write_attribute(root, "attention_scale", std::string(word_of(sweep.network.attention_scale)));
  if (sweep.network.input_mean_square != 1)
    write_attribute(root, "input_mean_square", sweep.network.input_mean_square);
  if (sweep.network.bias_scaling != BiasScaling::none)
    write_attribute(root, "bias_scaling", std::string(word_of(sweep.network.bias_scaling)));
}

void read_settings(const hdf5::FileHandle& file, Sweep& sweep) {
  const hid_t root = file.id();
  sweep.title = read_text_attribute(root, "title");
  sweep.seed = whole_number<std::uint64_t>(read_text_attribute(root, "seed"), "seed");
  const std::int64_t replicas_per_batch = read_attribute<std::int32_t>(root, "replicas_per_batch");
  sweep.batches = read_attribute<std::int32_t>(root, "batches");
  validate(sweep.batches >= 1 && replicas_per_batch >= 1, "it has no batches or no replicas");
  sweep.replicas = replicas_per_batch * sweep.batches;
  sweep.network.variance_scaling = choice_of<VarianceScaling>(read_text_attribute(root, "variance_scaling"));
  sweep.network.input = choice_of<InputDistribution>(read_text_attribute(root, "input"));
  sweep.network.engine = choice_of<Engine>(read_text_attribute(root, "engine_setting"));
  sweep.measures = measures_of(read_text_attribute(root, "measure"));
  const auto c_0 = read_attribute<double>(root, "input_correlation");
  if (sweep.measures_quantity(Quantity::correlation)) sweep.network.input_correlation = c_0;
  if (!std::isnan(c_0)) sweep.network.token_correlation = c_0;
  if (hdf5::has_attribute(root, "attention_mask"))
    sweep.network.attention_mask = choice_of<AttentionMask>(read_text_attribute(root, "attention_mask"));
  if (hdf5::has_attribute(root, "attention_scale"))
    sweep.network.attention_scale = choice_of<AttentionScale>(read_text_attribute(root, "attention_scale"));
  if (hdf5::has_attribute(root, "input_mean_square")) {
    sweep.network.input_mean_square = read_attribute<double>(root, "input_mean_square");
    validate(limits_of_input_mean_square.contain(sweep.network.input_mean_square),
             "its input has no mean square");
  }
  if (hdf5::has_attribute(root, "bias_scaling"))
    sweep.network.bias_scaling = choice_of<BiasScaling>(read_text_attribute(root, "bias_scaling"));
}

std::optional<int> read_networks_version(const hdf5::FileHandle& file) {
  constexpr std::string_view key = "\nnetworks = ";
  const std::string text = read_text_attribute(file.id(), "canonical_text");
  const auto at = text.find(key);
  if (at == std::string::npos) return std::nullopt;
  const auto begin = at + key.size();
  return whole_number<int>(text.substr(begin, text.find('\n', begin) - begin), "version of networks");
}

void write_provenance(const hdf5::FileHandle& file, const Provenance& provenance) {
  const hid_t root = file.id();
  write_attribute(root, "history", provenance.date + ": " + provenance.command_line);
  write_attribute(root, "generator", "Philox4x32-10");
  write_attribute(root, "program_version", program_version());
  write_attribute(root, "git_commit", git_commit());
  write_attribute(root, "command_line", provenance.command_line);
  write_attribute(root, "sweep_file", provenance.sweep_file);
  write_attribute(root, "mpi_version", provenance.mpi_version);
  write_attribute(root, "hdf5_version", hdf5_version());
  write_attribute(root, "compiler", compiler());
  write_attribute(root, "host", provenance.host);
  write_attribute(root, "date", provenance.date);
}

Provenance read_provenance(const hdf5::FileHandle& file) {
  const hid_t root = file.id();
  return {read_text_attribute(root, "command_line"),
          read_text_attribute(root, "sweep_file"),
          read_text_attribute(root, "mpi_version"),
          read_text_attribute(root, "host"),
          read_text_attribute(root, "date"),
          fmt::format("varprop {} (commit {})", read_text_attribute(root, "program_version"),
                      read_text_attribute(root, "git_commit"))};
}

}  // namespace varprop
