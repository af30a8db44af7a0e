// stream_samples KEY=VALUE…: many networks of blocks, one a line, for programs that compare them with others
// (benchmarks/autograd.py).
//
// block, norm, activation, n, m, L, tokens, heads, attention_mask, skip, branch_scale, input_correlation,
// networks, seed, matrices = drawn | deferred | folded, and the variance of each matrix by its name (in,
// gate, out, query, key, value, attention_out). Every line has ln q_L, ln g_0, then ln |∂W|² of the matrices
// of layer 1 in that order, −inf where there is none.
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "core/text/words.hpp"
#include "workers/networks/stream_engine.hpp"

namespace varprop {
namespace {

using namespace workers;

struct Request {
  StreamNetwork network;
  MatrixKind kind = MatrixKind::deferred;
  std::uint32_t networks = 1000;
  std::uint64_t seed = 1;
};

double number(const std::string& text) {
  const auto value = parse_number(text);
  validate(value.has_value(), "\"" + text + "\" is no number.");
  return *value;
}

template <class T>
auto whole(T& to) {
  return [&to](const std::string& text) { to = static_cast<T>(number(text)); };
}

template <class T>
auto word(T& to) {
  return [&to](const std::string& text) { to = choice_of<T>(text); };
}

Request request_of(int count, char** arguments) {
  Request request;
  StreamNetwork& network = request.network;
  std::map<std::string, std::function<void(const std::string&)>> keys{
      {"block", word(network.block)},
      {"norm", word(network.norm)},
      {"activation", [&](const std::string& text) { network.activation = Activation::parse(text); }},
      {"n", whole(network.n)},
      {"m", whole(network.m)},
      {"L", whole(network.L)},
      {"tokens", whole(network.tokens)},
      {"heads", whole(network.heads)},
      {"attention_mask", word(network.mask)},
      {"skip", whole(network.skip)},
      {"branch_scale", whole(network.branch_scale)},
      {"input_correlation", whole(network.input_correlation)},
      {"networks", whole(request.networks)},
      {"seed", whole(request.seed)},
      {"matrices", [&](const std::string& text) {
         request.kind = text == "drawn"    ? MatrixKind::drawn
                        : text == "folded" ? MatrixKind::folded
                                           : MatrixKind::deferred;
       }}};
  for (std::size_t role = 0; role < matrix_roles; ++role) {
    Magnitude& variance = network.variance.values[role];
    keys.emplace(matrix_role_names[role],
                 [&variance](const std::string& text) { variance = Magnitude::from(number(text)); });
  }
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const auto key = keys.find(argument.substr(0, argument.find('=')));
    validate(key != keys.end() && argument.find('=') != std::string::npos,
             "\"" + argument + "\" is no KEY=VALUE.");
    key->second(argument.substr(argument.find('=') + 1));
  }
  return request;
}

void print_networks(const Request& request) {
  const RandomMatrices matrices(request.kind, WeightDistribution::gaussian, request.seed, 1);
  StreamEngine engine(request.network, matrices);
  StreamSample sample(request.network.L);
  const StopFlag stop{false};
  for (std::uint32_t replica = 0; replica < request.networks; ++replica) {
    engine(replica, sample, stop);
    std::printf("%.17g %.17g", sample.forward.back().ln(), sample.backward.front().ln());
    for (const auto& group : sample.groups.values) std::printf(" %.17g", group[1].ln());
    std::printf("\n");
  }
}

}  // namespace
}  // namespace varprop

int main(int count, char** arguments) {
  try {
    varprop::print_networks(varprop::request_of(count, arguments));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "stream_samples: %s\n", problem.what());
    return static_cast<int>(varprop::exit_code_of_exception());
  }
}
