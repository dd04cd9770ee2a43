// XGBoost's C interface (xgboost/c_api.h).

#include "NativeLibraries.h"
#include "opening.h"

#include <stdio.h>
#include <stdlib.h>

enum { OLDEST_MAJOR = 2 };

struct lz_xgboost {
    void (*version)(int *major, int *minor, int *patch);
    const char *(*last_error)(void);
    int (*create)(const void *matrices, uint64_t count, void **booster);
    int (*load)(void *booster, const char *path);
    int (*set)(void *booster, const char *name, const char *value);
    int (*features)(void *booster, uint64_t *count);
    int (*feature_info)(void *booster, const char *field, uint64_t *count, const char *const **values);
    int (*predict)(void *booster, const char *rows, const char *options, void *matrix, const uint64_t **shape,
                   uint64_t *rank, const float **results);
    void *booster;
    uint64_t feature_count;
};

static const lz_symbol SYMBOLS[] = {
    {"XGBoostVersion", offsetof(lz_xgboost, version)},
    {"XGBGetLastError", offsetof(lz_xgboost, last_error)},
    {"XGBoosterCreate", offsetof(lz_xgboost, create)},
    {"XGBoosterLoadModel", offsetof(lz_xgboost, load)},
    {"XGBoosterSetParam", offsetof(lz_xgboost, set)},
    {"XGBoosterGetNumFeature", offsetof(lz_xgboost, features)},
    {"XGBoosterGetStrFeatureInfo", offsetof(lz_xgboost, feature_info)},
    {"XGBoosterPredictFromDense", offsetof(lz_xgboost, predict)},
};

char *lz_xgboost_open(const char *path, lz_xgboost **out) {
    void *library;
    char *message = lz_open_library(path, &library);
    if (message) return message;
    *out = calloc(1, sizeof **out);
    message = lz_find_symbols(library, "XGBoost", SYMBOLS, sizeof SYMBOLS / sizeof *SYMBOLS, *out);
    if (message) return message;
    int major = 0, minor = 0, patch = 0;
    (*out)->version(&major, &minor, &patch);
    if (major < OLDEST_MAJOR)
        return lz_message("XGBoost %d.%d.%d at %s is older than version %d, which this program needs.", major, minor,
                          patch, path, OLDEST_MAJOR);
    return NULL;
}

static char *failure(const lz_xgboost *library) { return lz_message("XGBoost: %s", library->last_error()); }

char *lz_xgboost_load(lz_xgboost *library, const char *model_path) {
    if (library->create(NULL, 0, &library->booster) || library->load(library->booster, model_path)
        || library->set(library->booster, "nthread", "1") || library->features(library->booster, &library->feature_count))
        return failure(library);
    return NULL;
}

size_t lz_xgboost_features(const lz_xgboost *library) { return library->feature_count; }

char *lz_xgboost_feature_names(lz_xgboost *library, size_t *count, const char *const **names) {
    uint64_t length = 0;
    if (library->feature_info(library->booster, "feature_name", &length, names)) return failure(library);
    *count = length;
    return NULL;
}

char *lz_xgboost_predict(lz_xgboost *library, const float *rows, size_t count, const float **results, size_t *length) {
    static const char OPTIONS[] =
        "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true,"
        "\"cache_id\":0,\"missing\":NaN}";
    char matrix[160];
    snprintf(matrix, sizeof matrix, "{\"data\":[%zu,true],\"shape\":[%zu,%zu],\"typestr\":\"<f4\",\"version\":3}",
             (size_t)rows, count, (size_t)library->feature_count);
    const uint64_t *shape = NULL;
    uint64_t rank = 0;
    if (library->predict(library->booster, matrix, OPTIONS, NULL, &shape, &rank, results)) return failure(library);
    *length = 1;
    for (uint64_t axis = 0; axis < rank; axis++) *length *= shape[axis];
    return NULL;
}
