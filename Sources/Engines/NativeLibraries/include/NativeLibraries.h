// Model libraries, opened by path at run time and never linked: ONNX Runtime, LightGBM, XGBoost.
//
// Every function that can fail returns a message to free(), or NULL when all went well.
#ifndef LAZULI_NATIVE_LIBRARIES_H
#define LAZULI_NATIVE_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ONNX Runtime. Element types are those of ONNX (TensorProto.DataType).

typedef struct lz_ort lz_ort;
typedef struct lz_ort_session lz_ort_session;
typedef struct lz_ort_value lz_ort_value;

enum { LZ_ORT_MOST_DIMENSIONS = 16 };

typedef struct {
    int type;
    size_t rank;
    size_t count;
    int64_t shape[LZ_ORT_MOST_DIMENSIONS];
} lz_ort_tensor_info;

char *lz_ort_open(const char *path, lz_ort **out);
const char *lz_ort_version(const lz_ort *runtime);
char *lz_ort_load(lz_ort *runtime, const void *model, size_t size, lz_ort_session **out);
void lz_ort_unload(lz_ort *runtime, lz_ort_session *session);
/// A tensor over memory that stays the caller's.
char *lz_ort_numbers(lz_ort *runtime, int type, void *data, size_t size, const int64_t *shape, size_t rank,
                     lz_ort_value **out);
/// A tensor of texts, which are copied.
char *lz_ort_texts(lz_ort *runtime, const char *const *texts, size_t count, const int64_t *shape, size_t rank,
                   lz_ort_value **out);
char *lz_ort_run(lz_ort *runtime, lz_ort_session *session, const char *const *input_names,
                 const lz_ort_value *const *inputs, size_t input_count, const char *const *output_names,
                 size_t output_count, lz_ort_value **outputs);
char *lz_ort_describe(lz_ort *runtime, lz_ort_value *value, lz_ort_tensor_info *out);
char *lz_ort_data(lz_ort *runtime, lz_ort_value *value, const void **out);
/// The total length of a tensor's texts, in bytes.
char *lz_ort_text_size(lz_ort *runtime, lz_ort_value *value, size_t *out);
/// All texts one after the other, and where each begins.
char *lz_ort_text_bytes(lz_ort *runtime, lz_ort_value *value, char *bytes, size_t size, size_t *starts, size_t count);
void lz_ort_release(lz_ort *runtime, lz_ort_value *value);

// LightGBM

typedef struct lz_lightgbm lz_lightgbm;

char *lz_lightgbm_open(const char *path, lz_lightgbm **out);
/// Loads a text model for predictions on one thread; one model per opened library.
char *lz_lightgbm_load(lz_lightgbm *library, const char *model_path);
int lz_lightgbm_features(const lz_lightgbm *library);
/// Numbers per row of a prediction.
int lz_lightgbm_outputs(const lz_lightgbm *library);
/// Rows are row-major doubles; `results` holds rows × outputs doubles.
char *lz_lightgbm_predict(lz_lightgbm *library, const double *rows, int count, double *results);

// XGBoost

typedef struct lz_xgboost lz_xgboost;

char *lz_xgboost_open(const char *path, lz_xgboost **out);
/// Loads a JSON or UBJSON model for predictions on one thread; one model per opened library.
char *lz_xgboost_load(lz_xgboost *library, const char *model_path);
size_t lz_xgboost_features(const lz_xgboost *library);
/// The model's own names of its features; `*count` is 0 when it has none. They live as long as the model.
char *lz_xgboost_feature_names(lz_xgboost *library, size_t *count, const char *const **names);
/// Rows are row-major floats, NaN where a value is missing. The results stay the library's, until the next call.
char *lz_xgboost_predict(lz_xgboost *library, const float *rows, size_t count, const float **results, size_t *length);

#endif
