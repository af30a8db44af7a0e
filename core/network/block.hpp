// What a layer of a network is, its matrices, and the words for how attention is computed.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/words.hpp"

namespace varprop {

/// What a layer is (docs/networks.md has the equations). All but plain have a stream, which the layer reads
/// and adds to.
enum class Block { plain, residual, mlp, glu, attention, transformer, transformer_glu };
template <>
struct EnumWords<Block> {
  static constexpr std::string_view noun = "block";
  static constexpr std::array words{std::pair{Block::plain, std::string_view("plain")},
                                    std::pair{Block::residual, std::string_view("residual")},
                                    std::pair{Block::mlp, std::string_view("mlp")},
                                    std::pair{Block::glu, std::string_view("glu")},
                                    std::pair{Block::attention, std::string_view("attention")},
                                    std::pair{Block::transformer, std::string_view("transformer")},
                                    std::pair{Block::transformer_glu, std::string_view("transformer_glu")}};
};
constexpr bool has_attention(Block block) {
  return block == Block::attention || block == Block::transformer || block == Block::transformer_glu;
}
constexpr bool has_mlp(Block block) {
  return block == Block::mlp || block == Block::transformer;
}
constexpr bool has_glu(Block block) {
  return block == Block::glu || block == Block::transformer_glu;
}
constexpr bool has_stream(Block block) {
  return block != Block::plain;
}

/// Which keys a query sees: all, or its own and those before it.
enum class AttentionMask { none, causal };
template <>
struct EnumWords<AttentionMask> {
  static constexpr std::string_view noun = "attention mask";
  static constexpr std::array words{std::pair{AttentionMask::none, std::string_view("none")},
                                    std::pair{AttentionMask::causal, std::string_view("causal")}};
};

/// What logits are multiplied by: 1/√d or 1/d, d = n/H.
enum class AttentionScale { sqrt, linear };
template <>
struct EnumWords<AttentionScale> {
  static constexpr std::string_view noun = "attention scale";
  static constexpr std::array words{std::pair{AttentionScale::sqrt, std::string_view("sqrt")},
                                    std::pair{AttentionScale::linear, std::string_view("linear")}};
};

/// The matrices of a layer by what they do. mlp: in W₁, out W₂. glu: gate W₁, in W₂, out W₃. residual and
/// plain: out. attention: the last four.
enum class MatrixRole : std::uint8_t { in, gate, out, query, key, value, attention_out };
inline constexpr std::size_t matrix_roles = 7;
inline constexpr std::array<std::string_view, matrix_roles> matrix_role_names{
    "in", "gate", "out", "query", "key", "value", "attention_out"};

/// A value for each matrix of a layer.
template <class T>
struct ByRole {
  std::array<T, matrix_roles> values{};
  T& operator[](MatrixRole role) { return values[static_cast<std::size_t>(role)]; }
  const T& operator[](MatrixRole role) const { return values[static_cast<std::size_t>(role)]; }
};

/// Whether a layer of this kind has such a matrix.
constexpr bool has_matrix(Block block, MatrixRole role) {
  switch (role) {
    case MatrixRole::gate:
      return has_glu(block);
    case MatrixRole::in:
      return has_mlp(block) || has_glu(block);
    case MatrixRole::out:
      return block != Block::attention;
    case MatrixRole::query:
    case MatrixRole::key:
    case MatrixRole::value:
    case MatrixRole::attention_out:
      break;
  }
  return has_attention(block);
}

/// The matrices that layers of some of these kinds have.
inline std::vector<MatrixRole> matrices_of(std::span<const Block> blocks) {
  std::vector<MatrixRole> roles;
  for (std::size_t i = 0; i < matrix_roles; ++i) {
    const auto role = static_cast<MatrixRole>(i);
    const auto has = [role](Block block) { return has_matrix(block, role); };
    if (std::any_of(blocks.begin(), blocks.end(), has)) roles.push_back(role);
  }
  return roles;
}

/// Whether its equations have biases.
constexpr bool has_biases(Block block) {
  return block == Block::plain || block == Block::residual || has_mlp(block);
}

/// Whether there is an activation in it.
constexpr bool has_activation(Block block) {
  return block != Block::attention;
}

}  // namespace varprop
