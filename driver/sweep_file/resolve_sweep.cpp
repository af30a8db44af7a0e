#include "driver/sweep_file/resolve_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "driver/sweep_file/keys.hpp"
#include "driver/sweep_file/rules.hpp"

namespace varprop {

namespace {

std::vector<KeyName> key_names() {
  std::vector<KeyName> names;
  for (const Key& key : sweep_file_keys()) names.push_back(key.name);
  return names;
}

void read_default(const Key& key, const Document& document, SweepDraft& draft) {
  if (key.default_value.empty()) return;
  const Source source{"default of " + text_of(key.name), false};
  const toml::table table = toml::parse("value = " + key.default_value);
  key.read(Setting(text_of(key.name), source, *table.get("value")), document, draft);
}

void read_key(const Key& key, const Document& document, SweepDraft& draft) {
  if (const auto setting = document.find(key.name)) return key.read(*setting, document, draft);
  if (key.presence == Presence::required) {
    throw InputError(fmt::format("{}: {}: this key is missing ({}); allowed: {}.",
                                 document.place_of_section(key.name.section), text_of(key.name), key.meaning,
                                 key.allowed));
  }
  read_default(key, document, draft);
}

}  // namespace

Sweep resolve_sweep(const SweepText& text) {
  const Document document(text, key_names());
  SweepDraft draft;
  for (const Key& key : sweep_file_keys()) read_key(key, document, draft);
  if (draft.sweep.measures_quantity(Quantity::correlation)) {
    draft.sweep.ensemble.input_correlation = draft.input_correlation;
  }
  check_batches(document, draft.sweep);
  check_unit_count(document, draft.sweep);
  check_engines(document, draft.sweep);
  draft.sweep.layers = choose_layers(document, draft);
  check_streams(document, draft.sweep);
  return std::move(draft.sweep);
}

}  // namespace varprop
