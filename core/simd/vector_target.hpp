// Which of Highway's targets the engines are compiled for: those with a fused multiply-add, whose results are
// equal bits. Included again for every target (no include guard): it defines VARPROP_VECTOR_TARGET anew.
#undef VARPROP_VECTOR_TARGET
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
#define VARPROP_VECTOR_TARGET 1
#else
#define VARPROP_VECTOR_TARGET 0
#endif
#undef VARPROP_AVX512
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
#define VARPROP_AVX512 1
#else
#define VARPROP_AVX512 0
#endif
