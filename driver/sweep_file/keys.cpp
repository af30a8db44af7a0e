#include "driver/sweep_file/keys.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/text/terminal_text.hpp"
#include "driver/sweep_file/axis_values.hpp"
#include "driver/sweep_file/schema.hpp"

namespace varprop::driver {

namespace {

constexpr Limits replica_limits{.low = 1, .high = 4294967296.0, .whole = true};
constexpr Limits batch_limits{.low = 1, .high = 2147483647.0, .whole = true};
constexpr Limits cosine_limits{.low = -1, .high = 1};
constexpr Limits layer_limits{.low = 1, .high = largest_depth, .whole = true};
constexpr std::size_t longest_title = 1000;  ///< bytes
constexpr std::string_view title_form = "one line of text, at most 1000 bytes";
constexpr std::string_view seed_form =
    "a whole number from 0 to 18446744073709551615, in quotes above 2^63 - 1";

std::string in_quotes(std::string_view word) {
  return fmt::format("\"{}\"", word);
}

template <class E>
std::string all_words() {
  return join(words_of<E>());
}

void read_title(const Setting& setting, const Document&, SweepDraft& draft) {
  std::string& title = draft.sweep.title = setting.text(std::string(title_form));
  if (title.size() > longest_title) {
    setting.refuse(fmt::format("this title has {} bytes; allowed: {}.", title.size(), title_form));
  }
  if (for_terminal(title) != title || title.find_first_of("\n\t") != std::string::npos) {
    setting.refuse("a title is one line of text, without control characters.");
  }
}

void read_seed(const Setting& setting, const Document&, SweepDraft& draft) {
  std::string digits = setting.shown();
  if (setting.node().is_string()) digits = setting.text("");
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, draft.sweep.seed);
  const bool integral = setting.node().is_string() || setting.node().is_integer();
  if (!integral || error != std::errc{} || stop != end) {
    setting.refuse(fmt::format("{} is no seed; allowed: {}.", setting.shown(), seed_form));
  }
}

void read_layers(const Setting& setting, const Document&, SweepDraft& draft) {
  if (!setting.node().is_string()) {
    draft.layer_limit = read_whole_number(setting, layer_limits);
    return;
  }
  if (setting.text("") != "all") {
    setting.refuse(
        fmt::format("{} is not allowed; allowed: {}, or \"all\".", setting.shown(), text_of(layer_limits)));
  }
  draft.layer_limit.reset();
}

void read_measures(const Setting& setting, const Document&, SweepDraft& draft) {
  draft.sweep.measures = read_words(setting, read_choice<Quantity>);
  std::sort(draft.sweep.measures.begin(), draft.sweep.measures.end());
}

template <class Axis>
Key axis_key(const Axis& axis) {
  using T = typename Axis::value_type;
  const bool is_number = NumericCoordinate<T>;
  const std::string value = axis.default_value ? coordinate_text(*axis.default_value) : "";
  return {{"grid", std::string(axis.name)},
          value.empty() ? Presence::required : Presence::optional,
          is_number || value.empty() ? value : in_quotes(value),
          values_text<T>(),
          described(axis),
          schema_of_values(AxisReader<T>::schema(), is_number),
          {}};
}

std::vector<Key> further_grid_keys() {
  const Json name{{"type", "string"}};
  return {{{"grid", "zip"},
           Presence::optional,
           "",
           "lists of names of axes",
           "axes that go together, of as many values each, instead of every combination",
           {{"type", "array"}, {"items", {{"type", "array"}, {"minItems", 2}, {"items", name}}}},
           {}},
          {{"grid", "points"},
           Presence::optional,
           "",
           "the name of a CSV file, from the sweep file's folder",
           "points row by row; its columns are axes",
           name,
           {}}};
}

template <class E>
Key choice_key(std::string name, E default_value, std::string meaning, E NetworkSettings::*member) {
  return {{"simulation", std::move(name)},
          Presence::optional,
          in_quotes(word_of(default_value)),
          all_words<E>(),
          std::move(meaning),
          schema_of_words(words_of<E>()),
          [member](const Setting& setting, const Document&, SweepDraft& draft) {
            draft.sweep.network.*member = read_choice<E>(setting);
          }};
}

Key replicas_key() {
  return {{"simulation", "replicas"},
          Presence::required,
          "",
          text_of(replica_limits),
          "networks per point; a multiple of batches",
          schema_of_number(replica_limits),
          [](const Setting& setting, const Document&, SweepDraft& draft) {
            draft.sweep.replicas = read_whole_number(setting, replica_limits);
          }};
}

Key batches_key() {
  return {{"simulation", "batches"},
          Presence::optional,
          "16",
          text_of(batch_limits),
          "units of work per point",
          schema_of_number(batch_limits),
          [](const Setting& setting, const Document&, SweepDraft& draft) {
            draft.sweep.batches = static_cast<std::int32_t>(read_whole_number(setting, batch_limits));
          }};
}

Key measure_key() {
  std::vector<std::string> words;
  for (const Quantity quantity : Sweep{}.measures) words.push_back(in_quotes(word_of(quantity)));
  return {{"simulation", "measure"},
          Presence::optional,
          "[" + join(words) + "]",
          all_words<Quantity>() + "; a list",
          "what is measured at every recorded layer, or (ntk) of whole networks",
          schema_of_values(schema_of_words(words_of<Quantity>()), false),
          read_measures};
}

std::vector<Key> simulation_keys() {
  const NetworkSettings defaults;
  return {
      replicas_key(),
      batches_key(),
      {{"simulation", "seed"},
       Presence::optional,
       "1",
       std::string(seed_form),
       "seed of all random numbers",
       {{"anyOf", Json::array({Json{{"type", "integer"}, {"minimum", 0}},
                               Json{{"type", "string"}, {"pattern", "^[0-9]+$"}}})}},
       read_seed},
      choice_key("engine", defaults.engine, "how a network is simulated", &NetworkSettings::engine),
      choice_key("variance_scaling", defaults.variance_scaling,
                 "Var W = weight_variance over fan-in, fan-out or their mean, or itself (none)",
                 &NetworkSettings::variance_scaling),
      choice_key("bias_scaling", defaults.bias_scaling, "Var b = bias_variance (none), or that over fan-in",
                 &NetworkSettings::bias_scaling),
      choice_key("input", defaults.input, "distribution of the network's input x", &NetworkSettings::input),
      {{"simulation", "input_mean_square"},
       Presence::optional,
       shortest(defaults.input_mean_square),
       text_of(limits_of_input_mean_square),
       "mean square of the elements of the input x",
       schema_of_number(limits_of_input_mean_square),
       [](const Setting& setting, const Document&, SweepDraft& draft) {
         draft.sweep.network.input_mean_square = read_number(setting, limits_of_input_mean_square);
       }},
      measure_key(),
      {{"simulation", "input_correlation"},
       Presence::optional,
       "0.5",
       text_of(cosine_limits),
       "c_0: cosine of the two inputs, where the correlation is measured",
       schema_of_number(cosine_limits),
       [](const Setting& setting, const Document&, SweepDraft& draft) {
         draft.input_correlation = read_number(setting, cosine_limits);
       }}};
}

std::vector<Key> all_keys() {
  std::vector<Key> keys{{{"", "title"},
                         Presence::optional,
                         "\"\"",
                         std::string(title_form),
                         "what the sweep is about; no result depends on it",
                         {{"type", "string"}, {"maxLength", longest_title}},
                         read_title}};
  for_each_axis([&keys](const auto& axis) { keys.push_back(axis_key(axis)); });
  for (Key& key : further_grid_keys()) keys.push_back(std::move(key));
  for (Key& key : simulation_keys()) keys.push_back(std::move(key));
  keys.push_back({{"output", "layers"},
                  Presence::optional,
                  "256",
                  text_of(layer_limits) + ", or \"all\"",
                  "at most so many recorded layers, evenly spaced in every depth",
                  {{"anyOf", Json::array({schema_of_number(layer_limits), Json{{"const", "all"}}})}},
                  read_layers});
  return keys;
}

}  // namespace

const std::vector<Key>& sweep_file_keys() {
  static const std::vector<Key> keys = all_keys();
  return keys;
}

std::vector<KeyName> names_of_keys() {
  std::vector<KeyName> names;
  for (const Key& key : sweep_file_keys()) names.push_back(key.name);
  return names;
}

std::string sweep_file_help() {
  std::string text, section = "none yet";
  for (const Key& key : sweep_file_keys()) {
    if (key.name.section != section) {
      section = key.name.section;
      text += fmt::format("{}  {:<13}", text.empty() ? "" : "\n", section.empty() ? "" : "[" + section + "]");
    }
    const std::string word = " " + key.name.name + (key.presence == Presence::required ? "*" : "");
    const auto line_start = text.rfind('\n') + 1;
    if (text.size() - line_start + word.size() > 78) text += "\n" + std::string(15, ' ');
    text += word;
  }
  return text;
}

std::string sweep_file_table() {
  std::string text = "| section | key | default | allowed | meaning |\n|---|---|---|---|---|\n";
  for (const Key& key : sweep_file_keys()) {
    const std::string value = key.presence == Presence::required ? "required"
                              : key.default_value.empty()        ? ""
                                                                 : "`" + key.default_value + "`";
    text += fmt::format("| {} | `{}` | {} | {} | {} |\n", key.name.section, key.name.name, value, key.allowed,
                        key.meaning);
  }
  return text;
}

}  // namespace varprop::driver
