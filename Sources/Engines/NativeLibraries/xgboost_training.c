// The training half of XGBoost's C interface (xgboost/c_api.h).

#include "NativeLibraries.h"
#include "opening.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct lz_xgboost_trainer {
    const char *(*last_error)(void);
    int (*proxy)(void **out);
    int (*show)(void *proxy, const char *array);
    int (*matrix)(void *batches, void *proxy, void *reference, void (*reset)(void *), int (*next)(void *),
                  const char *options, void **out);
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
    {"XGProxyDMatrixCreate", offsetof(lz_xgboost_trainer, proxy)},
    {"XGProxyDMatrixSetDataDense", offsetof(lz_xgboost_trainer, show)},
    {"XGQuantileDMatrixCreateFromCallback", offsetof(lz_xgboost_trainer, matrix)},
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

// XGBoost asks for batches several times over; here there is one of all rows.
typedef struct {
    const lz_xgboost_trainer *library;
    void *proxy;
    char array[256];
    bool shown;
} whole_batch;

static void begin_again(void *batches) { ((whole_batch *)batches)->shown = false; }

static int next_batch(void *batches) {
    whole_batch *batch = batches;
    if (batch->shown) return 0;
    batch->shown = true;
    return batch->library->show(batch->proxy, batch->array) == 0;
}

char *lz_xgboost_matrix(lz_xgboost_trainer *library, const float *columns, size_t rows, size_t column_count,
                        int threads, void *reference, void **out) {
    whole_batch batch = {.library = library};
    if (library->proxy(&batch.proxy)) return outcome(library, 1);
    // NumPy's array interface, version 3.
    snprintf(batch.array, sizeof batch.array,
             "{\"data\":[%" PRIuPTR ",true],\"shape\":[%zu,%zu],\"strides\":[%zu,%zu],\"typestr\":\"<f4\","
             "\"version\":3}",
             (uintptr_t)columns, rows, column_count, sizeof *columns, sizeof *columns * rows);
    char options[64];
    snprintf(options, sizeof options, "{\"missing\":NaN,\"nthread\":%d,\"max_bin\":256}", threads);
    int failed = library->matrix(&batch, batch.proxy, reference, begin_again, next_batch, options, out);
    char *message = outcome(library, failed);
    library->free_matrix(batch.proxy);
    return message;
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
