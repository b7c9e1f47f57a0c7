// The step of the game by hand, as fast as we know how to write it: the ceiling that the kernel is measured by.
//
// Same equations, same chance and same arrays as `kernel.advance` without evidence and deals; the benchmark
// checks that both end in the same postures. Sixteen lanes are one vector value, the number of rungs is known
// to the compiler, and a front's whole decision stays in registers.
//
//     g++ -O3 -march=native -ffast-math -fno-math-errno -shared -fPIC ceiling.cpp -o ceiling.so

#include <cstdint>
#include <cstring>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace {

constexpr int LANES = 256, WIDTH = 16, L = 7;

typedef float vf __attribute__((vector_size(4 * WIDTH)));
typedef uint32_t vu __attribute__((vector_size(4 * WIDTH)));
typedef int32_t vi __attribute__((vector_size(4 * WIDTH)));
typedef uint8_t vb __attribute__((vector_size(WIDTH)));

template <class V, class T> inline V load(const T* p) { V v; std::memcpy(&v, p, sizeof v); return v; }
template <class V, class T> inline void store(T* p, V v) { std::memcpy(p, &v, sizeof v); }
// gcc 12 takes bytes apart one by one, so where we can we say how.
#ifdef __AVX512F__
inline vf rungs(const uint8_t* p) {
    return __builtin_convertvector((vi)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i*)p)), vf);
}
inline void put(uint8_t* p, vf x) {
    _mm_storeu_si128((__m128i*)p, _mm512_cvtepi32_epi8((__m512i) __builtin_convertvector(x, vi)));
}
#else
inline vf rungs(const uint8_t* p) { return __builtin_convertvector(__builtin_convertvector(load<vb>(p), vi), vf); }
inline void put(uint8_t* p, vf x) { store(p, __builtin_convertvector(__builtin_convertvector(x, vi), vb)); }
#endif
inline vf all(float x) { return x - vf{}; }
inline vf least(vf a, vf b) { return a < b ? a : b; }
inline vf most(vf a, vf b) { return a > b ? a : b; }
inline vf either(vi m, vf a, vf b) { return m ? a : b; }
inline vf clip(vf x) { return most(least(x, all(1)), all(0)); }
inline vf floor_of(vf x) {
    vf y;
    for (int i = 0; i < WIDTH; i++) y[i] = __builtin_floorf(x[i]);
    return y;
}
inline vf root(vf x) {
    vf y;
    for (int i = 0; i < WIDTH; i++) y[i] = __builtin_sqrtf(x[i]);
    return y;
}

inline vu mix(vu x) {
    x ^= x >> 16; x *= 0x7FEB352Du; x ^= x >> 15; x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}
inline vf uniform(vu word) {
    return (vf)(vi)(word >> 9 | 0x3F800000u) - (1.0f - 1.0f / 16777216.0f);
}
inline vf exp_of(vf x) {
    x = most(x, all(-87.0f));
    x = least(x, all(88.0f));
    vf k = floor_of(x * 1.44269504f + 0.5f);
    vf r = x - k * 0.693359375f + k * 2.12194440e-4f;
    vf y = 1.9875691500e-4f * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f; y = y * r + 4.1665795894e-2f; y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * r * r + r + 1.0f;
    return y * (vf)((__builtin_convertvector(k, vi) + 127) << 23);
}
inline vf log_of(vf x) {
    vi bits = (vi)x;
    vf e = __builtin_convertvector((bits >> 23) - 126, vf);
    vf m = (vf)((bits & 0x007FFFFF) | 0x3F000000);
    vi low = m < 0.707106781f;
    e = either(low, e - 1.0f, e);
    m = either(low, m + m - 1.0f, m - 1.0f);
    vf z = m * m, y = 7.0376836292e-2f * m - 1.1514610310e-1f;
    y = y * m + 1.1676998740e-1f; y = y * m - 1.2420140846e-1f; y = y * m + 1.4249322787e-1f;
    y = y * m - 1.6668057665e-1f; y = y * m + 2.0000714765e-1f; y = y * m - 2.4999993993e-1f;
    y = y * m + 3.3333331174e-1f;
    y = y * m * z - e * 2.12194440e-4f - 0.5f * z;
    return m + y + e * 0.693359375f;
}
inline vf normal(vu word) {
    vf tail = (__builtin_convertvector((vi)(word & 0x7FFFFFFFu), vf) + 0.5f) * (1.0f / 4294967296.0f);
    vf w = -log_of(4.0f * tail * (1.0f - tail));
    vf a = w - 2.5f, p = 2.81022636e-08f * a + 3.43273939e-07f;
    p = p * a - 3.5233877e-06f; p = p * a - 4.39150654e-06f; p = p * a + 0.00021858087f;
    p = p * a - 0.00125372503f; p = p * a - 0.00417768164f; p = p * a + 0.246640727f; p = p * a + 1.50140941f;
    vf b = root(most(w, all(4.0f))) - 3.0f, q = -0.000200214257f * b + 0.000100950558f;
    q = q * b + 0.00134934322f; q = q * b - 0.00367342844f; q = q * b + 0.00573950773f;
    q = q * b - 0.0076224613f; q = q * b + 0.00943887047f; q = q * b + 1.00167406f; q = q * b + 2.83297682f;
    vf z = either(w < 5.0f, p, q) * (1.0f - tail - tail) * 1.41421356f;
    return (vf)((vu)z ^ ((word & 0x80000000u) ^ 0x80000000u));
}
inline vf ramp(vf rung, float from, float inverse) { return clip((rung - from + 1.0f) * inverse); }

enum { CONSTANT, FACTOR, PERIL, CREDIBLE, WEAK, WEAR };

}  // namespace

// Names and meanings are those of plan.Plan; arrays by step are row-major.
struct Plan {
    int F, A, K, J, D, relief_rung, contact, blow, reach;
    float surprise;
    const int32_t *front_from, *front_to, *reverse, *need, *row_reciprocity, *row_inertia, *row_bias,
        *row_misperception, *term_start, *term_kind, *term_from, *term_row, *term_shift_row, *term_ref,
        *driver_factor, *driver_front, *driver_from;
    const float *driver_gain, *lean, *p_incident, *p_revise, *term_gate, *term_shift, *p_gain, *p_lose,
        *factor_keep, *factor_target, *factor_noise, *factor_jump, *standing_base, *standing_pull,
        *standing_gain, *standing_loss, *wear_cost, *wear_heal;
};

// Histories are (T+1, ..., N) and N is a multiple of LANES; particles first to last of them are run.
extern "C" void advance(const Plan* plan, long n, long first, long last, int t0, int t1, const float* rows,
                        uint8_t* posture, uint8_t* goal, uint8_t* level, float* factor, float* standing,
                        float* wear, const uint32_t* slots, const uint32_t* keys) {
    const Plan& p = *plan;
    alignas(64) float c[L][LANES];
    alignas(64) uint32_t lane[LANES];
    for (long b = first; b < last; b += LANES)
        for (int t = t0 + 1; t <= t1; t++) {
            for (int l = 0; l < LANES; l += WIDTH)
                store(lane + l, mix(load<vu>(slots + t * n + b + l) * 2654435769u + keys[t]));
            const uint8_t* before = posture + (t - 1L) * p.F * n + b;
            uint8_t* now = posture + (long)t * p.F * n + b;
            const float* old_factor = factor + (t - 1L) * p.K * n + b;
            float* new_factor = factor + (long)t * p.K * n + b;
            const float *s_old = standing + (t - 1L) * p.A * n + b, *w_old = wear + (t - 1L) * p.A * n + b;
            float *s_new = standing + (long)t * p.A * n + b, *w_new = wear + (long)t * p.A * n + b;
            for (int k = 0; k < p.K; k++) {
                float keep = p.factor_keep[t * p.K + k], noise = p.factor_noise[t * p.K + k];
                float jump = p.factor_jump[t * p.K + k];
                for (int l = 0; l < LANES; l += WIDTH) {
                    vf target = all(p.factor_target[t * p.K + k]);
                    for (int d = 0; d < p.D; d++)
                        if (p.driver_factor[d] == k)
                            target += p.driver_gain[d] * ramp(rungs(before + p.driver_front[d] * n + l),
                                                              p.driver_from[d], 1.0f / (L - p.driver_from[d]));
                    vf moved = keep * load<vf>(old_factor + k * n + l) + (1 - keep) * clip(target) + jump;
                    vf eps = normal(mix(load<vu>(lane + l) + (4096u + k) * 0x9E3779B9u));
                    store(new_factor + k * n + l, clip(moved + noise * eps));
                }
            }
            const float *gain = p.p_gain + 4 * t, *lose = p.p_lose + 4 * t;
            const float g0 = gain[0], g1 = g0 + gain[1], g2 = g1 + gain[2];
            const float l0 = lose[0], l1 = l0 + lose[1], l2 = l1 + lose[2], p_revise = p.p_revise[t];
            for (int f = 0; f < p.F; f++) {
                bool used[L] = {};
                for (int j = p.term_start[f]; j < p.term_start[f + 1]; j++) {
                    const float gate = p.term_gate[t * p.J + j], shift = p.term_shift[t * p.J + j];
                    if (gate == 0 && shift == 0) continue;
                    const int q = p.term_from[j], kind = p.term_kind[j], ref = p.term_ref[j];
                    const float *row = rows + p.term_row[j] * n + b, *extra = rows + p.term_shift_row[j] * n + b;
                    const float inverse = 1.0f / (L - q);
                    const float* x = kind == FACTOR ? new_factor + ref * n : kind == WEAR ? w_old + ref * n : s_old + ref * n;
                    for (int l = 0; l < LANES; l += WIDTH) {
                        vf v = gate * inverse * load<vf>(row + l);
                        if (shift != 0) v += shift * inverse * load<vf>(extra + l);
                        if (kind == PERIL) v *= ramp(rungs(before + ref * n + l), p.blow, 1.0f / (L - p.blow));
                        else if (kind == WEAK) v *= 1.0f - load<vf>(x + l);
                        else if (kind != CONSTANT) v *= load<vf>(x + l);
                        if (used[q]) v += load<vf>(c[q] + l);
                        store(c[q] + l, v);
                    }
                    used[q] = true;
                }
                const int i = p.front_from[f], back = p.reverse[f];
                const float *bias = rows + p.row_bias[i] * n + b, *spread = rows + p.row_misperception[i] * n + b;
                const float *omega = rows + p.row_reciprocity[i] * n + b, *rho = rows + p.row_inertia[i] * n + b;
                const float lean = p.lean[t * p.F + f], p_incident = back < 0 ? 0.0f : p.p_incident[t * p.F + f];
                const float inverse_incident = 3.0f / p_incident;
                const uint32_t at = 4u * f * 0x9E3779B9u;
                for (int l = 0; l < LANES; l += WIDTH) {
                    const vu words = load<vu>(lane + l) + at;
                    const vf own = rungs(before + f * n + l), theirs = back < 0 ? all(0) : rungs(before + back * n + l);
                    vf seen = theirs + lean + load<vf>(bias + l) + load<vf>(spread + l) * normal(mix(words));
                    vf revises = all(p_revise);
                    if (p_incident > 0) {
                        const vf u = uniform(mix(words + 0x9E3779B9u));
                        const vi happens = (u < p_incident) & (least(own, theirs) >= (float)p.contact);
                        seen += either(happens, 1.0f + floor_of(least(u * inverse_incident, all(2.999f))), all(0));
                        revises = either(happens, all(1), revises);
                    }
                    const vf w = load<vf>(omega + l), r_own = load<vf>(rho + l);
                    vf u[L], slope = all(0), sum = all(0), top = all(-1e30f);
                    for (int r = 0; r < L; r++) {
                        if (used[r]) slope += load<vf>(c[r] + l);
                        sum += slope;
                        const vf d = (float)r - seen, step = (float)r - own;
                        u[r] = sum - 0.5f * w * d * d - r_own * most(step, -step);
                        top = most(top, u[r]);
                    }
                    vf total = all(0);
                    for (int r = 0; r < L; r++) total += u[r] = exp_of(u[r] - top);
                    const vf share = revises / total, kept = rungs(goal + ((t - 1L) * p.F + f) * n + b + l);
                    const vf draw = uniform(mix(words + 2u * 0x9E3779B9u));
                    vf edge = all(0), picked = all(0), need = all((float)p.need[0]);
                    for (int r = 0; r < L - 1; r++) {
                        edge += u[r] * share + either(kept == (float)r, 1.0f - revises, all(0));
                        const vi past = draw >= edge;
                        picked = either(past, all(r + 1.0f), picked);
                        need = either(past, all((float)p.need[r + 1]), need);
                    }
                    const vi within = need == 0.0f;
                    if (back >= 0) need = most(need - either(theirs >= (float)p.relief_rung, all(2), all(0)), all(0));
                    const vf have = rungs(level + ((t - 1L) * p.F + f) * n + b + l);
                    const vf x = uniform(mix(words + 3u * 0x9E3779B9u));
                    const vf one = all(1), none = all(0);
                    const vf gained = either(x >= g0, one, none) + either(x >= g1, one, none) + either(x >= g2, one, none);
                    const vf lost = either(x >= l0, one, none) + either(x >= l1, one, none) + either(x >= l2, one, none);
                    const vf more = either(have >= need, have, least(have + gained, all(3)));
                    const vf after = either(within, most(have - lost, none), more);
                    put(now + f * n + l, either(within | (after >= need), picked, own));
                    put(level + ((long)t * p.F + f) * n + b + l, after);
                    put(goal + ((long)t * p.F + f) * n + b + l, picked);
                }
            }
            const float pull = p.standing_pull[t], win = p.standing_gain[t], lossy = p.standing_loss[t];
            const float heal = p.wear_heal[t], per_rung = 1.0f / (L - 1);
            for (int i = 0; i < p.A; i++)
                for (int l = 0; l < LANES; l += WIDTH) {
                    const vf s = load<vf>(s_old + i * n + l);
                    store(s_new + i * n + l, s + pull * (p.standing_base[t * p.A + i] - s));
                    store(w_new + i * n + l, load<vf>(w_old + i * n + l) * (1.0f - heal));
                }
            for (int f = 0; f < p.F; f++) {
                const int i = p.front_from[f], j = p.front_to[f], back = p.reverse[f];
                for (int l = 0; l < LANES; l += WIDTH) {
                    const vf r = rungs(now + f * n + l), jump = r - rungs(before + f * n + l);
                    const vf gap = (r - (back < 0 ? all(0) : rungs(now + back * n + l))) * per_rung;
                    vf s = load<vf>(s_new + j * n + l), cost = all(0);
                    const vf held = load<vf>(s_old + j * n + l);
                    s += either(r >= (float)p.blow, either(gap <= 0.0f, win * (1.0f - held), -lossy * gap * held), all(0));
                    const vi surprised = (jump >= 2.0f) & (r > (float)p.reach);
                    s -= either(surprised, p.surprise * per_rung * jump * held, all(0));
                    for (int q = 0; q < L; q++) {
                        const float a = p.wear_cost[t * L + q];
                        if (a > 0) cost = either(r == (float)q, all(a), cost);
                    }
                    store(s_new + j * n + l, s);
                    store(w_new + i * n + l, load<vf>(w_new + i * n + l) + cost);
                    store(w_new + j * n + l, load<vf>(w_new + j * n + l) + cost);
                }
            }
            for (int i = 0; i < p.A; i++)
                for (int l = 0; l < LANES; l += WIDTH) {
                    store(s_new + i * n + l, clip(load<vf>(s_new + i * n + l)));
                    store(w_new + i * n + l, clip(load<vf>(w_new + i * n + l)));
                }
        }
}
