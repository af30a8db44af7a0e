// make_results PATH [--hold] [--shard] [MEASURE...]: a results file with known numbers, for the tests of
// other readers; --shard makes it shard 2 of 3 (known_sweep.hpp).
//
// Slots 0 … 15 are done but 5, which failed. --hold keeps the file open for writing: says "open" when it is,
// commits slot 16 when a line comes in, says "committed", and ends with its input.
#include <algorithm>
#include <iostream>
#include <string>

#include "core/storage/results_file.hpp"
#include "tests/fixtures/known_sweep.hpp"

namespace varprop {
namespace {

void make_results(const std::string& path, const Sweep& sweep, const HeldUnits& units) {
  ResultsFile::create(path, sweep, units, known_provenance());
  std::vector<Record> records;
  for (std::int64_t slot = 0; slot < 16; ++slot) {
    const Unit unit = sweep.unit(slot);
    if (!units.holds(slot)) continue;
    records.push_back(slot == 5 ? failed_record(unit) : known_record(sweep, unit));
  }
  ResultsFile(path, ResultsFile::Access::write).commit(records);
}

void hold(const std::string& path) {
  ResultsFile file(path, ResultsFile::Access::write);
  std::cout << "open" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    file.commit(std::vector{known_record(file.sweep(), file.sweep().unit(16))});
    std::cout << "committed" << std::endl;
  }
}

int run(std::vector<std::string> arguments) {
  const bool held = std::erase(arguments, "--hold") > 0;
  const bool shard = std::erase(arguments, "--shard") > 0;
  Sweep sweep = known_sweep();
  if (arguments.size() > 2) sweep.measures.clear();
  for (std::size_t i = 2; i < arguments.size(); ++i)
    sweep.measures.push_back(choice_of<Quantity>(arguments[i]));
  for (const Quantity quantity : sweep.measures)
    sweep.format = std::max(sweep.format, newest_dataset_of(measure_of(quantity)));
  if (sweep.measures_quantity(Quantity::correlation)) sweep.network.input_correlation = 0.25;
  make_results(arguments.at(1), sweep, shard ? known_shard(sweep, {2, 3}) : HeldUnits(sweep));
  if (held) hold(arguments[1]);
  return 0;
}

}  // namespace
}  // namespace varprop

int main(int count, char** arguments) {
  try {
    return varprop::run({arguments, arguments + count});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
