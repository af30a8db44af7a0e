// A stream in axes that are taken up as vectors come, from layer to layer and back.
#pragma once

#include <cstddef>
#include <vector>

#include "core/random/stream.hpp"
#include "workers/networks/panel.hpp"
#include "workers/networks/reflections.hpp"
#include "workers/networks/space.hpp"

namespace varprop::workers {

/// A layer's output X' = αX + βY lies in the axes of X and those that Y has taken up. They are turned so that
/// X' lies in the first of them, which are the next layer's; what lies beside is forgotten.
///
/// On the way back nothing need be remembered but the turn. Given all turns and triangles, the frames of X_0,
/// X_1, … are a random walk whose steps go to a uniform frame of what lies beside, and such a walk is
/// reversible: given the frame of X' and all later ones, what X and Y had beside it is a uniform frame there,
/// independent of the gradient, of which only the inner products matter. That frame's components along the
/// gradient's are a corner of a uniform orthogonal matrix: the first columns of a Gaussian one, made
/// orthonormal.
class StreamFold {
 public:
  explicit StreamFold(const LayerSpaces& spaces);

  /// X', from the axes of X and Y to its own.
  void fold(Panel& X);
  /// D at X', from the axes of X' to those of X and Y of the last fold(), and what lies beside.
  void unfold(Panel& D, const Stream& draws);
  /// D in the axes of X and others: these into as few as its columns need.
  void fold_gradient(Panel& D);

 private:
  WrittenColumns columns(Panel& panel, std::int64_t first_row);

  StreamAxes axes_;
  std::int64_t known_;  ///< rows of the mean and of the signal
  Space rotation_;
  Panel frame_;
  Reflections turn_, to_frame_, to_triangle_;
  std::vector<double*> columns_;
};

}  // namespace varprop::workers
