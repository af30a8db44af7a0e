// A JSON value, read and printed by nlohmann-json, which takes seconds to compile and stays in json.cpp.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace varprop {

/// null, a truth value, a number, text, an array, or an object that keeps the order in which its members were
/// put in. Lists in braces are objects where every element is a pair that begins with text, else arrays:
/// Json{{"name", "tanh"}, {"ends", {0.5, 3}}}.
class Json {
 public:
  struct Element;  ///< of a list in braces
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json();
  ~Json();
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;

  Json(std::nullptr_t);
  template <class Number>
  requires std::is_arithmetic_v<Number> Json(Number x) : value_(widened(x)) {}
  Json(std::string text);
  Json(std::string_view text);
  Json(const char* text);
  Json(Array elements);
  template <class T>
  Json(const std::vector<T>& all) : Json(Array(all.begin(), all.end())) {}
  Json(std::initializer_list<Element> list);

  static Json array(std::initializer_list<Element> list = {});
  static Json object();

  /// Reads a whole text. Throws InputError where it is not JSON, or is more than 500 levels deep.
  static Json parse(std::string_view text);
  /// The same; nothing where parse() throws.
  static std::optional<Json> try_parse(std::string_view text);
  /// As text: on one line, or each element on a line of its own, `indent` columns further in than what holds
  /// it. Numbers are as short as reads back exactly, NaN and infinities null; bytes that are no UTF-8 are
  /// replaced by U+FFFD.
  std::string dump(std::optional<int> indent = {}) const;

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_integer() const;
  bool is_floating() const { return std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<Box<std::string>>(value_); }
  bool is_array() const { return std::holds_alternative<Box<Array>>(value_); }
  bool is_object() const { return std::holds_alternative<Box<Object>>(value_); }

  /// The value as std::string, bool or a number; throws std::bad_variant_access where it is of another kind.
  template <class T>
  T get() const {
    if constexpr (std::is_same_v<T, std::string>) {
      return std::get<Box<std::string>>(value_).get();
    } else if constexpr (std::is_same_v<T, bool>) {
      return std::get<bool>(value_);
    } else {
      if (const auto* x = std::get_if<std::int64_t>(&value_)) return static_cast<T>(*x);
      if (const auto* x = std::get_if<std::uint64_t>(&value_)) return static_cast<T>(*x);
      return static_cast<T>(std::get<double>(value_));
    }
  }

  /// Elements of an array or members of an object; none of null, 1 of everything else.
  std::size_t size() const;
  bool empty() const { return size() == 0; }

  /// Of an array, or of null, which becomes one where it may change.
  Array& elements();
  const Array& elements() const;
  auto begin() { return elements().begin(); }
  auto end() { return elements().end(); }
  auto begin() const { return elements().begin(); }
  auto end() const { return elements().end(); }
  Json& operator[](std::size_t i) { return elements()[i]; }
  const Json& operator[](std::size_t i) const { return elements()[i]; }
  void push_back(Json element) { elements().push_back(std::move(element)); }

  /// Of an object, or of null, which becomes one where it may change. A member that is not there is put in as
  /// null, or is null.
  Object& items();
  const Object& items() const;
  Json& operator[](std::string_view name);
  const Json& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  /// Puts in the members of another object, or replaces those of the same name.
  void update(Json members);

  /// Numbers of different types are compared as doubles.
  friend bool operator==(const Json& a, const Json& b) { return (a <=> b) == 0; }
  /// An order of all values, but for NaN: null, truth values, numbers, objects, arrays, text.
  friend std::partial_ordering operator<=>(const Json& a, const Json& b);
  friend std::ostream& operator<<(std::ostream& stream, const Json& json);

 private:
  /// A value apart from the variant, which stays two words large; copied with it.
  template <class T>
  class Box {
   public:
    explicit Box(T value) : held_(std::make_unique<T>(std::move(value))) {}
    Box(const Box& other) : held_(std::make_unique<T>(other.get())) {}
    Box(Box&&) noexcept = default;
    Box& operator=(const Box& other) { return *this = Box(other); }
    Box& operator=(Box&&) noexcept = default;
    T& get() { return *held_; }
    const T& get() const { return *held_; }

   private:
    std::unique_ptr<T> held_;
  };

  template <class Number>
  static auto widened(Number x) {
    if constexpr (std::is_same_v<Number, bool>) {
      return x;
    } else if constexpr (std::is_floating_point_v<Number>) {
      return static_cast<double>(x);
    } else {
      return static_cast<std::conditional_t<std::is_signed_v<Number>, std::int64_t, std::uint64_t>>(x);
    }
  }

  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, Box<std::string>, Box<Array>,
               Box<Object>>
      value_;

  friend class JsonPrinter;
};

/// Anything that a Json is made of, or a list in braces again; moved into the value that the list makes.
struct Json::Element {
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Element> && std::is_constructible_v<Json, T>)
      Element(T&& x)
      : value(std::forward<T>(x)) {}
  Element(std::initializer_list<Element> list) : value(list) {}

  mutable Json value;  // elements of an initializer list are constant
};

}  // namespace varprop
