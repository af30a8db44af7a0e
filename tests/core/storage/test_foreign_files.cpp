// HDF5 files that are none of ours, or no longer: each is refused with its reason.
#include <gtest/gtest.h>

#include "core/storage/hdf5.hpp"
#include "core/storage/results_file.hpp"
#include "tests/fixtures/known_sweep.hpp"
#include "tests/fixtures/temporary_folder.hpp"
#include "tests/fixtures/thrown.hpp"

namespace varprop {
namespace {

struct ForeignFileTest : testing::Test {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "known.h5";

  hdf5::FileHandle ours() {
    ResultsFile::create(path, known_sweep(), known_provenance());
    return hdf5::open_file(path, hdf5::Access::write);
  }

  void expect_refused(const std::string& reason) {
    const std::string message = thrown_by([&] { ResultsFile(path, ResultsFile::Access::write); });
    EXPECT_NE(message.find(reason), std::string::npos) << message;
  }
};

TEST_F(ForeignFileTest, AnHdf5FileOfAnotherProgram) {
  hdf5::create_file(path);
  expect_refused("it is an HDF5 file, but not a results file of varprop");
  hdf5::write_attribute(hdf5::create_file(path).id(), "filetype", "statepoint");
  expect_refused("it is an HDF5 file, but not a results file of varprop");
  hdf5::write_attribute(hdf5::create_file(path).id(), "filetype", std::int32_t{1});
  expect_refused("the attribute filetype has an unexpected type");
}

/// All statistics are newer than such a format, so that the file seemed to hold none. Seen red: taken.
TEST_F(ForeignFileTest, AFormatBeforeTheFirst) {
  for (const char* const format : {"0.9", "-1.0", "1.-5"}) {
    {
      const hdf5::FileHandle file = ours();
      H5Adelete(file.id(), "format_version");
      hdf5::write_attribute(file.id(), "format_version", std::string(format));
    }
    expect_refused("is none: the first was 1.0");
    std::filesystem::remove(path);
  }
}

TEST_F(ForeignFileTest, AMissingDataset) {
  H5Ldelete(ours().id(), "forward_extinct", H5P_DEFAULT);
  expect_refused("forward_extinct");
}

TEST_F(ForeignFileTest, ADatasetOfAnotherSize) {
  {
    const hdf5::FileHandle file = ours();
    H5Ldelete(file.id(), "state", H5P_DEFAULT);
    hdf5::create_dataset(file, "state", {2, 1, 3, 2, 2, 2, 3}, std::uint8_t{0});
  }
  expect_refused("the dataset state does not have the size of its dimensions");
}

TEST_F(ForeignFileTest, ACoordinateThatIsUnknown) {
  {
    const hdf5::FileHandle file = ours();
    hdf5::write_all<std::string>(hdf5::open_dataset(file, "activation"), {"tanh", "swosh"});
  }
  expect_refused("unknown activation \"swosh\"");
}

TEST_F(ForeignFileTest, ACoordinateThatWasChanged) {
  {
    const hdf5::FileHandle file = ours();
    hdf5::write_all<std::int32_t>(hdf5::open_dataset(file, "depth"), {3, 4});
  }
  expect_refused("its identity is");
}

/// Seen red: with each of the three comparisons left out.
TEST_F(ForeignFileTest, DescriptionsThatAreNotWhatTheSweepSays) {
  EXPECT_TRUE((ours(), ResultsFile(path, ResultsFile::Access::read).damaged_descriptions().empty()));
  const auto damaged = [this](const char* name, const auto& values) {
    const hdf5::FileHandle file = ours();
    hdf5::write_box(hdf5::open_dataset(file, name),
                    Box{std::vector<std::uint64_t>(name[0] == 'e' ? 2 : 1, 0),
                        name[0] == 'e' ? std::vector<std::uint64_t>{1, 1} : std::vector<std::uint64_t>{1}},
                    std::span(values));
    return ResultsFile(path, ResultsFile::Access::read).damaged_descriptions();
  };
  const std::vector<std::int32_t> two{2};
  const std::vector<std::uint8_t> dense{static_cast<std::uint8_t>(Engine::dense)};
  EXPECT_EQ(damaged("batch", two), std::vector<std::string>{"batch"});
  EXPECT_EQ(damaged("replica", two), std::vector<std::string>{"replica"});
  EXPECT_EQ(damaged("engine", dense), std::vector<std::string>{"engine"});
}

}  // namespace
}  // namespace varprop
