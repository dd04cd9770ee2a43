// LightGBM's C interface (LightGBM/c_api.h). The library tells no version number: that all its functions are there is
// what can be checked.

#include "NativeLibraries.h"
#include "opening.h"

#include <stdlib.h>

enum { DOUBLES = 1, NORMAL_PREDICTION = 0, ROW_MAJOR = 1, FROM_FIRST = 0, ALL_ITERATIONS = -1 };
static const char PARAMETERS[] = "num_threads=1 verbosity=-1";

struct lz_lightgbm {
    const char *(*last_error)(void);
    int (*create)(const char *path, int *iterations, void **booster);
    int (*classes)(void *booster, int *count);
    int (*features)(void *booster, int *count);
    int (*result_size)(void *booster, int rows, int kind, int first, int iterations, int64_t *size);
    int (*prepare_row)(void *booster, int kind, int first, int iterations, int type, int32_t columns,
                       const char *parameters, void **prepared);
    int (*predict_row)(void *prepared, const void *row, int64_t *size, double *results);
    int (*predict)(void *booster, const void *rows, int type, int32_t count, int32_t columns, int row_major, int kind,
                   int first, int iterations, const char *parameters, int64_t *size, double *results);
    void *booster;
    /// Holds what a call for a single row would otherwise set up each time.
    void *prepared;
    int feature_count;
    int output_count;
};

static const lz_symbol SYMBOLS[] = {
    {"LGBM_GetLastError", offsetof(lz_lightgbm, last_error)},
    {"LGBM_BoosterCreateFromModelfile", offsetof(lz_lightgbm, create)},
    {"LGBM_BoosterGetNumClasses", offsetof(lz_lightgbm, classes)},
    {"LGBM_BoosterGetNumFeature", offsetof(lz_lightgbm, features)},
    {"LGBM_BoosterCalcNumPredict", offsetof(lz_lightgbm, result_size)},
    {"LGBM_BoosterPredictForMatSingleRowFastInit", offsetof(lz_lightgbm, prepare_row)},
    {"LGBM_BoosterPredictForMatSingleRowFast", offsetof(lz_lightgbm, predict_row)},
    {"LGBM_BoosterPredictForMat", offsetof(lz_lightgbm, predict)},
};

char *lz_lightgbm_open(const char *path, lz_lightgbm **out) {
    void *library;
    char *message = lz_open_library(path, &library);
    if (message) return message;
    *out = calloc(1, sizeof **out);
    return lz_find_symbols(library, "LightGBM", SYMBOLS, sizeof SYMBOLS / sizeof *SYMBOLS, *out);
}

static char *failure(const lz_lightgbm *library) { return lz_message("LightGBM: %s", library->last_error()); }

char *lz_lightgbm_load(lz_lightgbm *library, const char *model_path) {
    int iterations = 0;
    int64_t size = 0;
    if (library->create(model_path, &iterations, &library->booster)) return failure(library);
    if (library->features(library->booster, &library->feature_count)) return failure(library);
    if (library->result_size(library->booster, 1, NORMAL_PREDICTION, FROM_FIRST, ALL_ITERATIONS, &size))
        return failure(library);
    library->output_count = (int)size;
    if (library->prepare_row(library->booster, NORMAL_PREDICTION, FROM_FIRST, ALL_ITERATIONS, DOUBLES,
                             library->feature_count, PARAMETERS, &library->prepared))
        return failure(library);
    return NULL;
}

int lz_lightgbm_features(const lz_lightgbm *library) { return library->feature_count; }

int lz_lightgbm_outputs(const lz_lightgbm *library) { return library->output_count; }

char *lz_lightgbm_predict(lz_lightgbm *library, const double *rows, int count, double *results) {
    int64_t size = 0;
    int failed = count == 1
        ? library->predict_row(library->prepared, rows, &size, results)
        : library->predict(library->booster, rows, DOUBLES, count, library->feature_count, ROW_MAJOR,
                           NORMAL_PREDICTION, FROM_FIRST, ALL_ITERATIONS, PARAMETERS, &size, results);
    return failed ? failure(library) : NULL;
}
