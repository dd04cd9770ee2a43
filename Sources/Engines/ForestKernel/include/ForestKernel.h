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
    /// Categories 0 to count − 1 have their own lists of failed splits, then comes the one of all others.
    uint32_t first_list;
    /// 0 for a feature that is a number.
    uint32_t count;
} lz_categories;

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
    const lz_categories *categories;
    /// Lists of splits that are failed together: first, per feature, by rows that miss its value; then by categories.
    /// A list begins at first_in_list[list] and ends where the next one begins.
    const lz_split *listed;
    const uint32_t *first_in_list;
    /// The numbers of a tree's leaves begin at first_leaf[tree]: one per leaf for the sum output[tree], or, where that is
    /// −1, `width` per leaf.
    const double *leaves;
    const uint32_t *first_leaf;
    const int32_t *output;
} lz_forest;

/// Bytes of scratch memory that `lz_forest_add` needs, aligned to 64.
size_t lz_forest_scratch(const lz_forest *forest);

/// Adds what the trees say of each row to `width` sums per row. A missing value is NaN.
void lz_forest_add(const lz_forest *forest, const double *rows, size_t count, void *scratch, double *sums);

#endif
