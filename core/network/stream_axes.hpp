// The axes of networks with a residual stream, gates and attention (declared as core/network/axes.hpp says),
// each with the blocks that use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/network/axis.hpp"
#include "core/network/block.hpp"

namespace varprop {

inline constexpr FormatVersion format_of_networks{2, 0};  ///< the first with axes beside the first ones

struct BlockAxis {
  using value_type = Block;
  static constexpr std::string_view name = "block", symbol = "", meaning = "what a layer is";
  static constexpr std::optional default_value = Block::plain;
  static constexpr FormatVersion since = format_of_networks;
  template <class T>
  struct Member {
    T block;
  };
  static constexpr auto value = &Member<Block>::block;
  static constexpr auto values = &Member<std::vector<Block>>::block;
};

/// α of x' = αx + βF(x).
using Skip = Strong<struct SkipTag, double>;
struct SkipAxis {
  using value_type = Skip;
  static constexpr std::string_view name = "skip", symbol = "α", meaning = "factor of the skip connection";
  static constexpr Limits limits{};
  static constexpr std::optional default_value = Skip(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_stream(block); }
  template <class T>
  struct Member {
    T skip;
  };
  static constexpr auto value = &Member<Skip>::skip;
  static constexpr auto values = &Member<std::vector<Skip>>::skip;
};

/// β = branch_scale · L^(−branch_power).
using BranchScale = Strong<struct BranchScaleTag, double>;
struct BranchScaleAxis {
  using value_type = BranchScale;
  static constexpr std::string_view name = "branch_scale", symbol = "β_0", meaning = "factor of the branch";
  static constexpr Limits limits{};
  static constexpr std::optional default_value = BranchScale(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_stream(block); }
  template <class T>
  struct Member {
    T branch_scale;
  };
  static constexpr auto value = &Member<BranchScale>::branch_scale;
  static constexpr auto values = &Member<std::vector<BranchScale>>::branch_scale;
};

/// The power of 1/L in β.
using BranchPower = Strong<struct BranchPowerTag, double>;
struct BranchPowerAxis {
  using value_type = BranchPower;
  static constexpr std::string_view name = "branch_power", symbol = "",
                                    meaning = "power of 1/L by which the branch is scaled";
  static constexpr Limits limits{};
  static constexpr std::optional default_value = BranchPower(0);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_stream(block); }
  template <class T>
  struct Member {
    T branch_power;
  };
  static constexpr auto value = &Member<BranchPower>::branch_power;
  static constexpr auto values = &Member<std::vector<BranchPower>>::branch_power;
};

/// Hidden width m = max(1, ⌊ratio · n + ½⌋).
using HiddenRatio = Strong<struct HiddenRatioTag, double>;
struct HiddenRatioAxis {
  using value_type = HiddenRatio;
  static constexpr std::string_view name = "hidden_ratio", symbol = "m/n",
                                    meaning = "hidden width over width";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional default_value = HiddenRatio(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_mlp(block) || has_glu(block); }
  template <class T>
  struct Member {
    T hidden_ratio;
  };
  static constexpr auto value = &Member<HiddenRatio>::hidden_ratio;
  static constexpr auto values = &Member<std::vector<HiddenRatio>>::hidden_ratio;
};

/// σ² of W₂ of mlp, W₃ of glu, over σ_w².
using OutputRatio = Strong<struct OutputRatioTag, double>;
struct OutputRatioAxis {
  using value_type = OutputRatio;
  static constexpr std::string_view name = "output_ratio", symbol = "",
                                    meaning = "variance of the output matrix over weight_variance";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional default_value = OutputRatio(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_mlp(block) || has_glu(block); }
  template <class T>
  struct Member {
    T output_ratio;
  };
  static constexpr auto value = &Member<OutputRatio>::output_ratio;
  static constexpr auto values = &Member<std::vector<OutputRatio>>::output_ratio;
};

/// σ² of W_Q and W_K over σ_w².
using QueryRatio = Strong<struct QueryRatioTag, double>;
struct QueryRatioAxis {
  using value_type = QueryRatio;
  static constexpr std::string_view name = "query_ratio", symbol = "",
                                    meaning = "the same of the query and key matrices";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional default_value = QueryRatio(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_attention(block); }
  template <class T>
  struct Member {
    T query_ratio;
  };
  static constexpr auto value = &Member<QueryRatio>::query_ratio;
  static constexpr auto values = &Member<std::vector<QueryRatio>>::query_ratio;
};

/// σ² of W_V over σ_w².
using ValueRatio = Strong<struct ValueRatioTag, double>;
struct ValueRatioAxis {
  using value_type = ValueRatio;
  static constexpr std::string_view name = "value_ratio", symbol = "",
                                    meaning = "the same of the value matrix";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional default_value = ValueRatio(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_attention(block); }
  template <class T>
  struct Member {
    T value_ratio;
  };
  static constexpr auto value = &Member<ValueRatio>::value_ratio;
  static constexpr auto values = &Member<std::vector<ValueRatio>>::value_ratio;
};

/// σ² of W_O over σ_w².
using AttentionOutputRatio = Strong<struct AttentionOutputRatioTag, double>;
struct AttentionOutputRatioAxis {
  using value_type = AttentionOutputRatio;
  static constexpr std::string_view name = "attention_output_ratio", symbol = "",
                                    meaning = "the same of the output matrix of attention";
  static constexpr Limits limits{.low_included = false};
  static constexpr std::optional default_value = AttentionOutputRatio(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_attention(block); }
  template <class T>
  struct Member {
    T attention_output_ratio;
  };
  static constexpr auto value = &Member<AttentionOutputRatio>::attention_output_ratio;
  static constexpr auto values = &Member<std::vector<AttentionOutputRatio>>::attention_output_ratio;
};

/// H heads of n/H neurons.
using Heads = Strong<struct HeadsTag, std::int32_t>;
struct HeadsAxis {
  using value_type = Heads;
  static constexpr std::string_view name = "heads", symbol = "H",
                                    meaning = "attention heads, a divisor of the width";
  static constexpr Limits limits{.low = 1, .high = 4096, .whole = true};
  static constexpr std::optional default_value = Heads(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_attention(block); }
  template <class T>
  struct Member {
    T heads;
  };
  static constexpr auto value = &Member<Heads>::heads;
  static constexpr auto values = &Member<std::vector<Heads>>::heads;
};

/// T tokens, at most n.
using Tokens = Strong<struct TokensTag, std::int32_t>;
struct TokensAxis {
  using value_type = Tokens;
  static constexpr std::string_view name = "tokens", symbol = "T", meaning = "tokens of the input";
  static constexpr Limits limits{.low = 1, .high = 64, .whole = true};
  static constexpr std::optional default_value = Tokens(1);
  static constexpr FormatVersion since = format_of_networks;
  static constexpr bool used_by(Block block) { return has_attention(block); }
  template <class T>
  struct Member {
    T tokens;
  };
  static constexpr auto value = &Member<Tokens>::tokens;
  static constexpr auto values = &Member<std::vector<Tokens>>::tokens;
};

}  // namespace varprop
