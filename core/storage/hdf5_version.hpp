// Which HDF5 this is.
#pragma once

#include <string>

namespace varprop {

/// "1.10.8": of the library that the program runs with, which need not be the one it was compiled with.
std::string hdf5_version();

}  // namespace varprop
