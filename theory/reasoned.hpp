// A value that may not exist, and then the reason why.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace varprop {

/// A value, or the reason why there is none. The reason is a short clause without numbers ("infinite: chi_q =
/// 1"), so that equal reasons can be counted.
template <class T>
class Reasoned {
 public:
  Reasoned(T value) : value_(std::move(value)) {}  // NOLINT: a value is a reasoned value
  static Reasoned none(std::string reason) { return Reasoned(std::nullopt, std::move(reason)); }

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }

  /// Why there is no value; empty where there is one.
  const std::string& reason() const { return reason_; }

 private:
  Reasoned(std::nullopt_t, std::string reason) : reason_(std::move(reason)) {}

  std::optional<T> value_;
  std::string reason_;
};

}  // namespace varprop
