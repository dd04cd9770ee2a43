// Decision trees of at most 64 leaves, evaluated without walking them.
//
// A tree's leaves are numbered from left to right, and a row's state of the tree is one bit per leaf that it may still
// reach. Each split that the row fails, going right, takes the leaves to its left away; the lowest bit that is left over is
// the leaf. All trees' splits on one feature lie together, in the order of their thresholds, so that the failed ones are
// simply the first so many. Source: C. Lucchese et al., QuickScorer, SIGIR 2015.
#ifndef LAZULI_FOREST_KERNEL_H
#define LAZULI_FOREST_KERNEL_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    /// The leaves that stay when the split is failed.
    uint64_t kept;
    uint32_t tree;
    /// Rows fail the split whose value's rank is above this one.
    uint32_t rank;
} lz_split;

typedef struct {
    size_t features;
    size_t trees;
    /// Sums per row.
    size_t width;
    /// The splits of a feature begin at first_split[feature] and end where the next one's begin; sorted by rank.
    const lz_split *splits;
    const uint32_t *first_split;
    /// The different thresholds of a feature, sorted, begin at first_threshold[feature].
    const double *thresholds;
    const uint32_t *first_threshold;
    /// Beside each threshold, how many of the feature's splits have a lower one; and one entry more per feature: all.
    /// The entries of a feature begin at first_threshold[feature] + feature.
    const uint32_t *failed;
    /// `width` numbers per leaf; a tree's begin at first_leaf[tree].
    const double *leaves;
    const uint32_t *first_leaf;
} lz_forest;

/// Bytes of scratch memory that `lz_forest_add` needs, aligned to 64.
size_t lz_forest_scratch(const lz_forest *forest);

/// Adds what the trees say of each row, which has no missing values, to `width` sums per row.
void lz_forest_add(const lz_forest *forest, const double *rows, size_t count, void *scratch, double *sums);

#endif
