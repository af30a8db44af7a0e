// The kinds of findings: each adds its sentences where there is something to say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/laws.hpp"
#include "analysis/summary.hpp"

namespace varprop {

using Sentences = std::vector<std::string>;

/// "33 %"; never 0 or 100 % of what is some or not all.
std::string share_text(std::int64_t part, std::int64_t whole);
/// A clause with its capital and its full stop.
std::string as_sentence(std::string text);
/// "a, b and c".
std::string listed(const std::vector<std::string>& parts);

/// Which share of an activation's points is in which regime.
void add_shares(Sentences& said, const AnalysisSummary& summary);
/// The widest run of stable weight variances of the deepest networks.
void add_band(Sentences& said, const PointGrid& grid);
/// What the points that vanish or explode owe it to.
void add_causes(Sentences& said, const PointGrid& grid);

/// Critical weight variances, one for each activation: the one whose interval is the narrowest.
void add_critical(Sentences& said, const AnalysisSummary& summary);
/// How many laws hold, and why most others do not.
void add_laws(Sentences& said, const std::vector<Law>& laws);
/// How many measured rates agree with theory.
void add_agreement(Sentences& said, const PointGrid& grid);

/// What a 16-bit format loses: of stable networks, which no regime warns of, else of any.
void add_formats(Sentences& said, const PointGrid& grid);

}  // namespace varprop
