#include "core/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/errors.hpp"

namespace varprop {

namespace {

using Library = nlohmann::ordered_json;

/// Far beyond what we write; what is deeper would overflow the stack of those who go through it.
constexpr std::size_t deepest = 500;

/// Makes the value that a text tells of.
class JsonBuilder final : public Library::json_sax_t {
 public:
  bool null() override { return put(nullptr); }
  bool boolean(bool x) override { return put(x); }
  bool number_integer(std::int64_t x) override { return put(x); }
  bool number_unsigned(std::uint64_t x) override { return put(x); }
  bool number_float(double x, const std::string&) override { return put(x); }
  bool string(std::string& text) override { return put(std::move(text)); }
  bool binary(Library::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    obstacle = error.what();
    return false;
  }

  Json root;
  std::string obstacle;  ///< why there is no value

 private:
  Json& place() {
    if (open_.empty()) return root;
    if (open_.back()->is_object()) return (*open_.back())[name_];
    open_.back()->push_back(nullptr);
    return open_.back()->elements().back();
  }

  bool put(Json x) {
    place() = std::move(x);
    return true;
  }

  bool open(Json x) {
    if (open_.size() == deepest) {
      obstacle = "it is more than " + std::to_string(deepest) + " levels deep";
      return false;
    }
    Json& at = place();
    at = std::move(x);
    open_.push_back(&at);  // stays there: its holder does not grow before it is closed
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Json*> open_;
  std::string name_;  ///< of the member to come
};

/// The place of a value's kind in the order of all values.
int rank_of(const Json& x) {
  if (x.is_null()) return 0;
  if (x.is_integer() || x.is_floating()) return 2;
  if (x.is_object()) return 3;
  if (x.is_array()) return 4;
  return x.is_string() ? 5 : 1;
}

}  // namespace

/// Arrays and objects are walked through here, so that no second tree is made of a large one; what they
/// hold is printed by the library.
class JsonPrinter {
 public:
  explicit JsonPrinter(std::optional<int> indent) : indent_(indent) {}

  void print(const Json& json) {
    std::visit([this](const auto& x) { print_value(x); }, json.value_);
  }

  std::string text;

 private:
  template <class Scalar>
  void print_value(const Scalar& x) {
    scalars_.dump(Library(x), false, false, 0);
  }
  void print_value(const Json::Box<std::string>& x) { print_value(x.get()); }

  void print_value(const Json::Box<Json::Array>& x) {
    print_all(x.get(), '[', ']', [this](const Json& element) { print(element); });
  }

  void print_value(const Json::Box<Json::Object>& x) {
    print_all(x.get(), '{', '}', [this](const Json::Member& member) {
      print_value(member.first);
      text += indent_ ? ": " : ":";
      print(member.second);
    });
  }

  template <class T, class F>
  void print_all(const std::vector<T>& all, char begin, char end, const F& print_one) {
    text += begin;
    ++level_;
    for (const T& one : all) {
      if (&one != &all.front()) text += ',';
      new_line();
      print_one(one);
    }
    --level_;
    if (!all.empty()) new_line();
    text += end;
  }

  void new_line() {
    if (indent_) text.append(1, '\n').append(level_ * static_cast<std::size_t>(*indent_), ' ');
  }

  std::optional<int> indent_;
  std::size_t level_ = 0;
  nlohmann::detail::serializer<Library> scalars_{nlohmann::detail::output_adapter<char, std::string>(text),
                                                 ' ', Library::error_handler_t::replace};
};

Json::Json() = default;
Json::~Json() = default;
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;

Json::Json(std::nullptr_t) {}
Json::Json(std::string text) : value_(Box<std::string>(std::move(text))) {}
Json::Json(std::string_view text) : Json(std::string(text)) {}
Json::Json(const char* text) : Json(std::string(text)) {}
Json::Json(Array elements) : value_(Box<Array>(std::move(elements))) {}

Json::Json(std::initializer_list<Element> list) {
  const auto is_member = [](const Element& element) {
    const Json& x = element.value;
    return x.is_array() && x.size() == 2 && x[0].is_string();
  };
  if (!std::all_of(list.begin(), list.end(), is_member)) {
    *this = array(list);
    return;
  }
  items().reserve(list.size());
  for (const Element& element : list) {
    Array& pair = element.value.elements();
    (*this)[pair[0].get<std::string>()] = std::move(pair[1]);
  }
}

Json Json::array(std::initializer_list<Element> list) {
  Array all;
  all.reserve(list.size());
  for (const Element& element : list) all.push_back(std::move(element.value));
  return all;
}

Json Json::object() {
  Json json;
  json.value_ = Box<Object>({});
  return json;
}

Json Json::parse(std::string_view text) {
  JsonBuilder builder;
  const bool whole = Library::sax_parse(text.begin(), text.end(), &builder);
  validate(whole, "this is not JSON: " + builder.obstacle);
  return std::move(builder.root);
}

std::optional<Json> Json::try_parse(std::string_view text) {
  JsonBuilder builder;
  if (!Library::sax_parse(text.begin(), text.end(), &builder)) return {};
  return std::move(builder.root);
}

std::string Json::dump(std::optional<int> indent) const {
  JsonPrinter printer(indent);
  printer.print(*this);
  return std::move(printer.text);
}

bool Json::is_integer() const {
  return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<std::uint64_t>(value_);
}

std::size_t Json::size() const {
  if (is_array()) return elements().size();
  if (is_object()) return items().size();
  return is_null() ? 0 : 1;
}

Json::Array& Json::elements() {
  if (is_null()) value_ = Box<Array>({});
  return std::get<Box<Array>>(value_).get();
}

const Json::Array& Json::elements() const {
  static const Array none;
  return is_null() ? none : std::get<Box<Array>>(value_).get();
}

Json::Object& Json::items() {
  if (is_null()) value_ = Box<Object>({});
  return std::get<Box<Object>>(value_).get();
}

const Json::Object& Json::items() const {
  static const Object none;
  return is_null() ? none : std::get<Box<Object>>(value_).get();
}

Json& Json::operator[](std::string_view name) {
  for (auto& [known, value] : items()) {
    if (known == name) return value;
  }
  return items().emplace_back(name, nullptr).second;
}

const Json& Json::operator[](std::string_view name) const {
  static const Json none;
  for (const auto& [known, value] : items()) {
    if (known == name) return value;
  }
  return none;
}

bool Json::contains(std::string_view name) const {
  const auto has_name = [&](const Member& member) { return member.first == name; };
  return is_object() && std::any_of(items().begin(), items().end(), has_name);
}

void Json::update(Json members) {
  for (auto& [name, value] : members.items()) (*this)[name] = std::move(value);
}

std::partial_ordering operator<=>(const Json& a, const Json& b) {
  if (a.value_.index() == b.value_.index()) {
    return std::visit(
        [&](const auto& x) -> std::partial_ordering {
          using T = std::decay_t<decltype(x)>;
          if constexpr (std::is_same_v<T, std::nullptr_t>) {
            return std::partial_ordering::equivalent;
          } else if constexpr (std::is_arithmetic_v<T>) {
            return x <=> std::get<T>(b.value_);
          } else {
            return x.get() <=> std::get<T>(b.value_).get();
          }
        },
        a.value_);
  }
  const int rank = rank_of(a), other = rank_of(b);
  return rank == 2 && other == 2 ? a.get<double>() <=> b.get<double>() : rank <=> other;
}

std::ostream& operator<<(std::ostream& stream, const Json& json) {
  return stream << json.dump();
}

}  // namespace varprop
