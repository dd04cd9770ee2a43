// The training half of XGBoost's C interface (xgboost/c_api.h).

#include "NativeLibraries.h"
#include "opening.h"

#include <math.h>
#include <stdlib.h>

struct lz_xgboost_trainer {
    const char *(*last_error)(void);
    int (*matrix)(const float *rows, uint64_t count, uint64_t columns, float missing, void **out);
    int (*set_floats)(void *matrix, const char *name, const float *values, uint64_t count);
    int (*free_matrix)(void *matrix);
    int (*booster)(void *const *matrices, uint64_t count, void **out);
    int (*set)(void *booster, const char *name, const char *value);
    int (*boost)(void *booster, int iteration, void *training);
    int (*predict)(void *booster, void *matrix, const char *options, const uint64_t **shape, uint64_t *rank,
                   const float **results);
    int (*save)(void *booster, const char *options, uint64_t *size, const char **bytes);
    int (*free_booster)(void *booster);
};

static const lz_symbol SYMBOLS[] = {
    {"XGBGetLastError", offsetof(lz_xgboost_trainer, last_error)},
    {"XGDMatrixCreateFromMat", offsetof(lz_xgboost_trainer, matrix)},
    {"XGDMatrixSetFloatInfo", offsetof(lz_xgboost_trainer, set_floats)},
    {"XGDMatrixFree", offsetof(lz_xgboost_trainer, free_matrix)},
    {"XGBoosterCreate", offsetof(lz_xgboost_trainer, booster)},
    {"XGBoosterSetParam", offsetof(lz_xgboost_trainer, set)},
    {"XGBoosterUpdateOneIter", offsetof(lz_xgboost_trainer, boost)},
    {"XGBoosterPredictFromDMatrix", offsetof(lz_xgboost_trainer, predict)},
    {"XGBoosterSaveModelToBuffer", offsetof(lz_xgboost_trainer, save)},
    {"XGBoosterFree", offsetof(lz_xgboost_trainer, free_booster)},
};

char *lz_xgboost_trainer_open(const char *path, lz_xgboost_trainer **out) {
    void *library;
    char *message = lz_open_library(path, &library);
    if (message) return message;
    *out = calloc(1, sizeof **out);
    return lz_find_symbols(library, "XGBoost", SYMBOLS, sizeof SYMBOLS / sizeof *SYMBOLS, *out);
}

static char *outcome(const lz_xgboost_trainer *library, int failed) {
    return failed ? lz_message("XGBoost: %s", library->last_error()) : NULL;
}

char *lz_xgboost_matrix(lz_xgboost_trainer *library, const float *rows, size_t count, size_t columns, void **out) {
    return outcome(library, library->matrix(rows, count, columns, NAN, out));
}

char *lz_xgboost_set_floats(lz_xgboost_trainer *library, void *matrix, const char *name, const float *values,
                            size_t count) {
    return outcome(library, library->set_floats(matrix, name, values, count));
}

void lz_xgboost_free_matrix(lz_xgboost_trainer *library, void *matrix) { library->free_matrix(matrix); }

char *lz_xgboost_booster(lz_xgboost_trainer *library, void *training, void *validation, void **out) {
    void *matrices[] = {training, validation};
    return outcome(library, library->booster(matrices, validation ? 2 : 1, out));
}

char *lz_xgboost_set(lz_xgboost_trainer *library, void *booster, const char *name, const char *value) {
    return outcome(library, library->set(booster, name, value));
}

char *lz_xgboost_boost(lz_xgboost_trainer *library, void *booster, int iteration, void *training) {
    return outcome(library, library->boost(booster, iteration, training));
}

char *lz_xgboost_predictions(lz_xgboost_trainer *library, void *booster, void *matrix, const float **results,
                             size_t *count) {
    static const char OPTIONS[] =
        "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true}";
    const uint64_t *shape = NULL;
    uint64_t rank = 0;
    if (library->predict(booster, matrix, OPTIONS, &shape, &rank, results)) return outcome(library, 1);
    *count = 1;
    for (uint64_t axis = 0; axis < rank; axis++) *count *= shape[axis];
    return NULL;
}

char *lz_xgboost_bytes(lz_xgboost_trainer *library, void *booster, const char **bytes, size_t *size) {
    uint64_t length = 0;
    int failed = library->save(booster, "{\"format\":\"ubj\"}", &length, bytes);
    *size = length;
    return outcome(library, failed);
}

void lz_xgboost_free_booster(lz_xgboost_trainer *library, void *booster) { library->free_booster(booster); }
