#include "driver/sweep_file/presets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "driver/sweep_file/resolve_sweep.hpp"

namespace varprop::driver {

namespace {

constexpr std::array all_presets = std::to_array<Preset>({
    {"gpt2",
     R"toml([grid]
block = "transformer"
norm = "pre_layer"
activation = "gelu_tanh"
weight_variance = 4e-4
hidden_ratio = 4
branch_scale = 0.707106781187
branch_power = 0.5
[simulation]
variance_scaling = "none"
attention_mask = "causal"
input_mean_square = 8e-4
)toml",
     "Radford et al. 2019 and Hugging Face's GPT2PreTrainedModel: N(0, 0.02²), output projections over "
     "√(2N), biases 0",
     "dropout, ε and the final norm; the smaller output projections stand as a branch scale, which is the "
     "same for the signal and all gradients but those of these two matrices: |∂ℓ/∂W|² of W_O and W₂ is "
     "1/(2N) of what a framework shows, whose matrices are smaller instead"},
    {"llama",
     R"toml([grid]
block = "transformer_glu"
norm = "pre_rms"
activation = "silu"
weight_variance = 4e-4
hidden_ratio = 2.6875
[simulation]
variance_scaling = "none"
attention_mask = "causal"
input_mean_square = 4e-4
)toml",
     "Hugging Face's LlamaConfig: initializer_range 0.02, no scaling of residual branches, 11008/4096 hidden",
     "rotary positions, which turn queries and keys and leave their lengths; grouped keys; ε and the final "
     "norm"},
    {"bert",
     R"toml([grid]
block = "transformer"
norm = "post_layer"
activation = "gelu"
weight_variance = 4e-4
hidden_ratio = 4
[simulation]
variance_scaling = "none"
)toml",
     "Devlin et al. 2018 and Hugging Face's BertConfig: N(0, 0.02²), biases 0, a norm behind the embedding",
     "dropout and ε"},
    {"t5",
     R"toml([grid]
block = "transformer"
norm = "pre_rms"
activation = "relu"
weight_variance = 1
hidden_ratio = 4
[simulation]
input_mean_square = 1
)toml",
     "Raffel et al. 2020 and Hugging Face's T5PreTrainedModel: variances 1/fan-in, of queries 1/(n d)",
     "its logits have no 1/√d, and queries are as much smaller: the law of logits is the same, the gradients "
     "of "
     "W_Q and W_K differ; relative positions and the final norm"},
    {"deepnorm",
     R"toml([grid]
block = "transformer"
norm = "post_layer"
activation = "relu"
skip = "(2*depth)^(1/4)"
weight_variance = "(8*depth)^(-1/2)"
query_ratio = "(8*depth)^(1/2)"
hidden_ratio = 4
[simulation]
variance_scaling = "fan_avg"
)toml",
     "Wang et al. 2022 (arXiv:2203.00555), encoder or decoder alone: α = (2N)^¼, Xavier with gain (8N)^−¼ "
     "for W₁, "
     "W₂, W_V, W_O and 1 for W_Q, W_K",
     "dropout and ε"},
    {"rezero",
     R"toml([grid]
block = "transformer"
activation = "relu"
weight_variance = 1
branch_scale = 0
hidden_ratio = 4
[simulation]
variance_scaling = "fan_avg"
)toml",
     "Bachlechner et al. 2020 (arXiv:2003.04887): x + α F(x) with α = 0, no norm, Xavier",
     "dropout; only (∂ℓ/∂β)² is not 0: measure branch_gradient"},
    {"torch_encoder",
     R"toml([grid]
block = "transformer"
norm = "post_layer"
activation = "relu"
weight_variance = 0.333333333333
query_ratio = 1.5
value_ratio = 1.5
hidden_ratio = 4
)toml",
     "torch.nn.TransformerEncoderLayer: linear layers U(±1/√fan-in), 1/(3 fan-in); attention's packed matrix "
     "by "
     "xavier_uniform, 1/(2n)",
     "dropout, ε, and the biases of its linear layers, 1/(3 fan-in) of each; weights are normal here"},
});

}  // namespace

std::span<const Preset> presets() {
  return all_presets;
}

const Preset* find_preset(std::string_view name) {
  const auto found = std::ranges::find(all_presets, name, &Preset::name);
  return found == all_presets.end() ? nullptr : &*found;
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : all_presets) names.emplace_back(preset.name);
  return names;
}

PresetNetwork network_of(const Preset& preset, std::int32_t depth) {
  const SweepText text{.file_name = std::string(preset.name),
                       .file_text = fmt::format("[grid]\nwidth = 64\ndepth = {}\n[simulation]\npreset = "
                                                "\"{}\"\nreplicas = 16\n",
                                                depth, preset.name),
                       .overrides = {},
                       .engine = {}};
  const Sweep sweep = resolve_sweep(text);
  return {sweep.point(PointIndex(0)), sweep.network};
}

std::string preset_table() {
  std::string text = "| preset | sets | after | leaves out |\n|---|---|---|---|\n";
  for (const Preset& preset : all_presets) {
    std::string sets;
    std::string_view left = preset.toml;
    while (!left.empty()) {
      const std::string_view line = left.substr(0, left.find('\n'));
      left.remove_prefix(std::min(left.size(), line.size() + 1));
      if (line.empty() || line.front() == '[') continue;
      sets += (sets.empty() ? "`" : "; `") + std::string(line) + "`";
    }
    text += fmt::format("| `{}` | {} | {} | {} |\n", preset.name, sets, preset.source, preset.leaves_out);
  }
  return text;
}

}  // namespace varprop::driver
