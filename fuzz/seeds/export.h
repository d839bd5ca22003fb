/*
 * net: a network with step activations, 2-2-1, written by heaviside 0.1.0.
 *
 *   int net_predict(const double *x)
 *
 * gives the class of a point, by its place in net_classes. x holds 2 features,
 * in the units of the data they come from:
 *
 *   x[0] a
 *   x[1] b
 *
 * Layer 1 in doubles: a sum that is 0 up to rounding may get the wrong sign. All other numbers are whole.
 * Ties: a sum of 0 fires; of equal outputs the first wins.
 * Trained on 10 rows, SHA-256 5e5b28a37af0e393dba873c253342ead7102b9b1a01f825141b0396e47118a03.
 */
#ifndef NET_H
#define NET_H

#include <stdint.h>

#define NET_INPUTS 2
#define NET_CLASSES 2

static const char *const net_classes[2] = {
    "x", "y"
};

static const double net_shift[2] = {
    0.0, 1.0
};

static const double net_divisor[2] = {
    4.0, 2.5
};

static const double net_w1[4] = {
    -1.0, -0.625, -1.0, -0.31249999999999994
};

static const double net_b1[2] = {
    0.9062, 0.43745
};

/* Layer 2: 1 x 2 weights, four a byte from the lowest bits: 1, 0 and -1 are 1, 0 and 3. */
static const uint8_t net_w2[1] = {
    13
};

/* A neuron fires if its sum is at least this. */
static const int8_t net_t2[1] = {
    1
};

/* The sum of n numbers, each times its weight; the weights begin at place k. */
static int_fast16_t net_sum2(const uint8_t *x, uint_fast16_t n, const uint8_t *w, uint_fast16_t k)
{
    int_fast16_t sum = 0;
    for (uint_fast16_t i = 0; i < n; i++, k++)
        sum += (int_fast16_t)((((w[k >> 2] >> ((k & 3) << 1)) & 3) ^ 2) - 2) * (int_fast16_t)x[i];
    return sum;
}

/* The class of the point x. */
static int net_predict(const double *x)
{
    double z[2];
    for (uint_fast16_t i = 0; i < 2; i++)
        z[i] = (x[i] - net_shift[i]) / net_divisor[i];
    uint8_t h1[2];
    for (uint_fast16_t j = 0; j < 2; j++) {
        double a = net_b1[j];
        for (uint_fast16_t i = 0; i < 2; i++)
            a += net_w1[j * 2 + i] * z[i];
        h1[j] = (uint8_t)(a >= 0.0);
    }
    return net_sum2(h1, 2, net_w2, 0) >= net_t2[0];
}

#endif
