// The arithmetic of small neural networks: products of row-major matrices of single-precision numbers, and Adam's step.
#ifndef LAZULI_NETWORK_KERNEL_H
#define LAZULI_NETWORK_KERNEL_H

#include <stddef.h>

/// A matrix that is only read: element (row, column) lies at start[row * row_step + column * column_step].
typedef struct {
    const float *start;
    size_t row_step;
    size_t column_step;
} lz_matrix;

/// result (rows × columns) = left (rows × inner) · right (inner × columns, row-major) + added (a number per column).
/// `added` may be null.
void lz_multiply(lz_matrix left, const float *right, const float *added, size_t rows, size_t inner, size_t columns,
                 float *result);

typedef struct {
    float rate;
    /// What a step takes off each weight, as a share of the rate.
    float decay;
    /// 1 − 0.9^steps and 1 − 0.999^steps.
    float first_correction;
    float second_correction;
} lz_adam;

/// One step of Adam with decoupled decay. Source: I. Loshchilov and F. Hutter, ICLR 2019.
void lz_adam_step(lz_adam adam, const float *gradient, size_t count, float *weights, float *first, float *second);

#endif
