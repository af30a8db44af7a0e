# cpack -G DEB: a package for Debian 12 (docs/installing.md). What it depends on is read from the program; what only
# Debian wants of its files is packaging/debian/stage.cmake.
set(VARPROP_PACKAGE_CONTACT "varprop maintainers <maintainers@varprop.example>" CACHE STRING
    "Who answers for the package: Name <address>")

set(CPACK_PACKAGE_NAME varprop)
set(CPACK_PACKAGE_VENDOR varprop)
set(CPACK_PACKAGE_CONTACT "${VARPROP_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "openmpi-bin, nodejs, librsvg2-bin, python3-xarray, python3-h5netcdf")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "slurm-client, hdf5-tools")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"varprop draws random neural networks of every width, depth, activation and
initialization of a grid, and measures how the variance of the signal and of
the gradient changes from layer to layer: which networks start out vanishing,
stable or exploding, and why. Finite networks are simulated exactly, most of
them without their weight matrices, on all cores of one machine or over MPI on
many; results are one HDF5 file that survives kills and resumes.
.
It analyzes what it measured (regimes, critical weight variances, laws in depth
and width, each beside mean-field theory), predicts a point without simulating
it, and explains from the start why weights must shrink in wide layers.
.
The processor must have AVX2 with FMA; AVX-512 is used where there is any.")

set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_BINARY_DIR}/packaging/stage.cmake")
configure_file("${PROJECT_SOURCE_DIR}/packaging/debian/stage.cmake" "${CPACK_PRE_BUILD_SCRIPTS}" @ONLY)
include(CPack)
