# Every dependency is a Debian 12 package; docs/architecture.md says why each was chosen.
set(HDF5_PREFER_PARALLEL OFF)

find_package(Boost 1.74 REQUIRED)                    # Boost.Math: quadrature, roots, distributions
find_package(CLI11 REQUIRED)                         # command line
find_package(Eigen3 3.4 REQUIRED NO_MODULE)         # least squares of the analysis
find_package(fmt REQUIRED)                           # text
find_package(HDF5 1.10.7 REQUIRED COMPONENTS C HL)   # results file and its dimension scales
find_package(hwy REQUIRED)                           # SIMD with run-time dispatch
find_package(MPI REQUIRED COMPONENTS C)              # ranks
find_package(muparser REQUIRED)                       # rules of sweep files
find_package(nlohmann_json 3.11 REQUIRED)            # core/json.cpp
find_package(Threads REQUIRED)                       # cores of one rank
find_package(tomlplusplus REQUIRED)                  # sweep files
