"""What the tree is measured by. Seen red: with a lambda taken for a function, and with a header's own .cpp among its users."""

import os
import pathlib

import source_tree
from script_test import ScriptTest

CODE = """
#define TWICE(x) \\
  { x; x; }
namespace a {
namespace {
constexpr int table[] = {1, 2, 3};
struct Box { int value() const { return 1; } };
enum class Word { one, two };
}  // namespace
template <class T>
int longest(const T& list) {
  const auto f = [&](int i) {
    return list[i];  // with a brace } in a comment
  };
  return f(2) + static_cast<int>(sizeof("}"));
}
Box::Box(int n) noexcept : n_{n} {
  ++n_;
}
}  // namespace a
"""


class SourceTree(ScriptTest):
    def test_counts_the_lines_of_functions(self):
        self.assertEqual(list(source_tree.function_lengths(CODE)), [1, 4, 1])

    def tree(self, files):
        for name, text in files.items():
            path = pathlib.Path(self.path(name))
            os.makedirs(path.parent, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return source_tree.Tree(self.folder)

    def test_knows_users_pairs_and_cycles(self):
        tree = self.tree({"core/x/a.hpp": "", "core/x/a.cpp": '#include "core/x/a.hpp"\n',
                          "core/y/b.hpp": '#include "core/x/a.hpp"\n', "core/y/b.cpp": '#include "core/y/b.hpp"\n',
                          "core/x/c.cpp": '#include "core/y/b.hpp"\n', "tests/core/t.cpp": '#include "core/x/a.hpp"\n'})
        self.assertEqual(tree.small_pairs_of_one_user(), ["core/x/a.hpp", "core/y/b.hpp"])
        self.assertEqual(tree.cycles(), [("core/x", "core/y")])
        self.assertEqual(tree.largest_folder(), 3)
