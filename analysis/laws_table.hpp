// laws.csv: one row per parameter of a law, its columns declared once.
#pragma once

#include <string>
#include <vector>

#include "analysis/law.hpp"

namespace varprop {

struct LawColumn {
  std::string name;
  std::string meaning;
  std::string (*field)(const Law&);  ///< empty where it does not apply
};

const std::vector<LawColumn>& law_columns();

std::vector<std::string> law_header();
std::vector<std::string> law_row(const Law& law);

}  // namespace varprop
