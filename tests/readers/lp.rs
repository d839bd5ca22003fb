//! The table of the LP format.

use crate::Expect::{Reads, Refuses, Warns};
use crate::{Expect, Format, hold};

/// Several things are wrong: the first is named, whoever finds it.
const FIRST_FAULTS: &[(&str, Expect)] = &[
    ("min\n x\nst\n c: x >= y\n d: x § 3\nend", Refuses(4, "number")),
    ("min\n x § 3\nst\n c: x >= y\nend", Refuses(2, "§")),
    ("min\n x\nst\n c: x >=\n §\nend", Refuses(5, "§")),
    ("min\n x\nst\n c: x\n [ y ]\nend", Refuses(5, "[")),
    ("min\n x\nst\n c: x >= 1\n * y\nend", Refuses(5, "*")),
    ("min\n x\nst\n c: x >= y\n d: 2 * x >= 1\nend", Refuses(4, "number")),
    ("min\n x\nst\n c: x >= 1e999\n [\nend", Refuses(4, "1e999")),
    ("x\n§", Refuses(1, "starts")),
    ("§\nx", Refuses(1, "§")),
    ("min\n x\nst\n c: x >= 1\n§", Refuses(5, "§")),
    ("min\n x\nsos\n s: S1:: x\n §", Refuses(5, "§")),
    ("min\n x\nsos\n s: S1:: x\n y:2\nend", Refuses(4, "weight")),
    // Sums that no float holds.
    ("min\n x\nst\n c: 1e308 x\n + 1e308 x\n + y + z\n w >= 1\nend", Refuses(5, "sum")),
    ("min\n x\nst\n c: 1e308 y + 1e308 x\n + 1e308 x\n + 1e308 y >= 1\nend", Refuses(5, "sum")),
    ("min\n 1e308\n + 1e308\n + 1e308 x + 1e308 x\nend", Refuses(3, "sum")),
    // A row that goes on behind a number, and one that has not begun before.
    ("min\n x\nst\n c: x >= 2 y\n + z\nend", Refuses(4, "behind the number")),
    ("min\n x\nst x + y\nend", Refuses(3, "relation")),
    // What the whole file tells.
    ("min\n x\nst\n c: z = 1 -> x <= 1\nbounds\n y <= 3\nend", Refuses(4, "'z'")),
    ("min\n x\nbounds\n y <= 3\nst\n c: z = 1 -> x <= 1\nend", Refuses(4, "'y'")),
    ("min\n x\nst\n c: x\n >=\n inf\n d: x >= y\nend", Refuses(4, "met")),
    ("min\n x\nst\n c: x >= 1\n c: x\n >= 2\nend", Refuses(5, "label")),
];

const GRAMMAR: &[(&str, Expect)] = &[
    // The smallest models.
    ("min\n x\nend\n", Reads("min 1 x |  | x [0, inf]")),
    ("min\nend", Reads("min |  |")),
    ("max\n obj:\nst\nend", Reads("max |  |")),
    ("min x\nst c: x >= 3\nend\n", Reads("min 1 x | c [3, inf] 1 x | x [0, inf]")),
    ("min\n 3\nend", Reads("min 3 |  |")),
    ("min\n x\n", Warns("min 1 x |  | x [0, inf]", 2, "'end'")),
    // Expressions.
    (
        "min\n obj: 2x + 3.5 y\n - z + 10\nend",
        Reads("min 2 x, 7/2 y, -1 z, 10 |  | x [0, inf]; y [0, inf]; z [0, inf]"),
    ),
    ("min\n x + x + 3 - 1\nend", Reads("min 2 x, 2 |  | x [0, inf]")),
    ("min\n x - x + y\nend", Reads("min 1 y |  | x [0, inf]; y [0, inf]")),
    ("min\n 0.1 x + 0.2 x\nend", Reads("min 3/10 x |  | x [0, inf]")),
    ("min\n 0.1 x + 0.2 x - 0.3 x\nend", Reads("min |  | x [0, inf]")),
    ("min\n - - x + - 2 y\nend", Reads("min 1 x, -2 y |  | x [0, inf]; y [0, inf]")),
    ("min\n +-+ 2 x\nend", Reads("min -2 x |  | x [0, inf]")),
    ("min\n 1e3x\nend", Reads("min 1000 x |  | x [0, inf]")),
    ("min\n 2e x\nend", Refuses(2, "")),
    ("min\n 2ex\nend", Reads("min 2 ex |  | ex [0, inf]")),
    ("min\n 2 3 x\nend", Refuses(2, "")),
    ("min\n 3 x 4\nend", Refuses(2, "")),
    ("min\n x y\nend", Refuses(2, "")),
    ("min\n x >= 3\nend", Refuses(2, "")),
    // A number takes its exponent; where that is a column as well, somebody may have meant the column.
    ("min\n 2e5 + x\nend", Reads("min 1 x, 200000 |  | x [0, inf]")),
    ("min\n 2e5 x\nend", Reads("min 200000 x |  | x [0, inf]")),
    ("min\n 2 e5 + x\nend", Reads("min 2 e5, 1 x |  | e5 [0, inf]; x [0, inf]")),
    ("min\n 2e5 + e5\nend", Warns("min 1 e5, 200000 |  | e5 [0, inf]", 2, "'2e5' is read as a number")),
    (
        "min\n e5\nst\n c: 2e5 + x >= 4\nend",
        Warns("min 1 e5 | c [-199996, inf] 1 x | e5 [0, inf]; x [0, inf]", 4, "column 'e5'"),
    ),
    (
        "min\n E1\nst\n c: x - 3.5E1 >= 4\nend",
        Warns("min 1 E1 | c [39, inf] 1 x | E1 [0, inf]; x [0, inf]", 4, "'3.5E1'"),
    ),
    ("min\n e5\nst\n c: x - 2e+5 >= 4\nend", Reads("min 1 e5 | c [200004, inf] 1 x | e5 [0, inf]; x [0, inf]")),
    ("min\n x + + \nend", Refuses(2, "")),
    ("min\n x *2\nend", Refuses(2, "")),
    ("min\n 2 * x\nend", Refuses(2, "*")),
    ("min\n x ^ 2\nend", Refuses(2, "^")),
    ("min\n inf x\nend", Refuses(2, "inf")),
    ("min\n nan x\nend", Refuses(2, "nan")),
    ("min\n x + NaN\nend", Refuses(2, "NaN")),
    ("min\n 1,5 x\nend", Refuses(2, "1,5")),
    ("min\n 1,5 + x\nend", Refuses(2, "1,5")),
    ("min\n 1.2.3 x\nend", Refuses(2, "1.2.3")),
    ("min\n 0x1F + x\nend", Refuses(2, "0x1F")),
    ("min\n 0 x1\nend", Reads("min |  | x1 [0, inf]")),
    ("min\n 0x\nend", Reads("min |  | x [0, inf]")),
    // Quadratic terms, brackets in names.
    ("min\n x + [ y ^ 2 ] / 2\nend", Refuses(2, "[")),
    ("min\n [x^2]/2\nend", Refuses(2, "[")),
    ("min\n x\nst\n c: 2 x [1] >= 3\nend", Refuses(4, "[")),
    (
        "min\n x[1] + 2 x[2,3]\nst\n c[1]: x[1] + x[2,3] >= 3\nend",
        Reads("min 1 x[1], 2 x[2,3] | c[1] [3, inf] 1 x[1], 1 x[2,3] | x[1] [0, inf]; x[2,3] [0, inf]"),
    ),
    ("max\n 3x[a]\nst\nbounds\n x[a] <= 4\ngeneral\n x[a]\nend", Reads("max 3 x[a] |  | x[a] Z [0, 4]")),
    ("min\n x[1][2]\nend", Reads("min 1 x[1][2] |  | x[1][2] [0, inf]")),
    ("min\n x[1]^2\nend", Refuses(2, "^")),
    ("min\n ]x\nend", Refuses(2, "]")),
    // Brackets around terms.
    ("min\n 3 (x + y)\nend", Refuses(2, "groups")),
    ("min\n 3(x + y)\nend", Refuses(2, "groups")),
    ("min\n 3 (x)\nend", Refuses(2, "groups")),
    ("min\n f(x + y)\nend", Refuses(2, "groups")),
    ("min\n x + y )\nend", Refuses(2, "groups")),
    ("min\n x(1,2) + y(3\nend", Reads("min 1 x(1,2), 1 y(3 |  | x(1,2) [0, inf]; y(3 [0, inf]")),
    // Names.
    ("min\n X + x\nend", Reads("min 1 X, 1 x |  | X [0, inf]; x [0, inf]")),
    (
        "min\n x!\"#$%&(),.;?@_'`{}~/|1\nend",
        Reads("min 1 x!\"#$%&(),.;?@_'`{}~/|1 |  | x!\"#$%&(),.;?@_'`{}~/|1 [0, inf]"),
    ),
    ("min\n größe + 変数\nend", Reads("min 1 größe, 1 変数 |  | größe [0, inf]; 変数 [0, inf]")),
    ("min\n free + x\nend", Reads("min 1 free, 1 x |  | free [0, inf]; x [0, inf]")),
    ("min\n x\u{7} + y\nend", Refuses(2, "has no meaning")),
    ("min\n x\nst\n c: x ≤ 3\nend", Refuses(4, "≤")),
    ("min\n x\nst\n c: x − y >= 3\nend", Refuses(4, "−")),
    ("min\n x\u{1b}[31m + y\nend", Refuses(2, "")),
    ("min\n x\0\nend", Refuses(2, "NUL")),
    ("min\n a=b\nend", Refuses(2, "")),
    // Rows.
    (
        "min\n x\nst\n x + y <= 4\n c2: x >= 1\nend",
        Reads("min 1 x | R1 [-inf, 4] 1 x, 1 y; c2 [1, inf] 1 x | x [0, inf]; y [0, inf]"),
    ),
    ("min\n x\nst\n R2: x <= 4\n x >= 1\nend", Reads("min 1 x | R2 [-inf, 4] 1 x; R2_ [1, inf] 1 x | x [0, inf]")),
    (
        "min\n x\nst\n c: x =< 4\n d: x => 1\n e: x == 2\n f: x < 5\n g: x > 0\nend",
        Reads("min 1 x | c [-inf, 4] 1 x; d [1, inf] 1 x; e [2, 2] 1 x; f [-inf, 5] 1 x; g [0, inf] 1 x | x [0, inf]"),
    ),
    ("min\n x\nst\n c: -2 <= x - y <= 8\nend", Reads("min 1 x | c [-2, 8] 1 x, -1 y | x [0, inf]; y [0, inf]")),
    ("min\n x\nst\n c: 8 >= x >= -2\nend", Reads("min 1 x | c [-2, 8] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: 3 >= x\nend", Reads("min 1 x | c [-inf, 3] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: - x - 2 = -3\nend", Reads("min 1 x | c [-1, -1] -1 x | x [0, inf]")),
    ("min\n x\nst\n c: x + 0.1 >= 0.3\nend", Reads("min 1 x | c [1/5, inf] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x + y + x <= 4\nend", Reads("min 1 x | c [-inf, 4] 2 x, 1 y | x [0, inf]; y [0, inf]")),
    ("min\n x\nst\n c: x - x + 1 <= 4\nend", Reads("min 1 x | c [-inf, 3] | x [0, inf]")),
    // A row without variables: some writers leave nothing, but more often a term is forgotten.
    ("min\n x\nst\n c: 0 <= 1\nend", Warns("min 1 x | c [-1, inf] | x [0, inf]", 4, "no variables")),
    ("min\n x\nst\n c: = 0\nend", Warns("min 1 x | c [0, 0] | x [0, inf]", 4, "no variables")),
    ("min\n x\nst\n d: >= 4\nend", Warns("min 1 x | d [4, inf] | x [0, inf]", 4, "no variables")),
    (
        "min\n x\nst\n a: <= 4\n b: >= 3\nend",
        Warns("min 1 x | a [-inf, 4]; b [3, inf] | x [0, inf]", 4, "one further row"),
    ),
    ("min\n x\nst\n 3 >= 4\nend", Warns("min 1 x | R1 [-inf, -1] | x [0, inf]", 4, "no variables")),
    ("min\n x\nst\n c: 1 <= 2 <= 3\nend", Warns("min 1 x | c [-1, 1] | x [0, inf]", 4, "no variables")),
    // Rows and bounds that run on: a name behind the number on the right is no term of it.
    (
        "min\n x\nst\n c: x >= 2 y <= 3\nend",
        Warns("min 1 x | c [2, inf] 1 x; R2 [-inf, 3] 1 y | x [0, inf]; y [0, inf]", 4, "'2 y'"),
    ),
    (
        "min\n x\nst\n c: x >= 2 d: y <= 3\nend",
        Reads("min 1 x | c [2, inf] 1 x; d [-inf, 3] 1 y | x [0, inf]; y [0, inf]"),
    ),
    (
        "min\n x + y\nst\nbounds\n x >= 2 y <= 3 x <= 4\nend",
        Warns("min 1 x, 1 y |  | x [2, 4]; y [0, 3]", 5, "one further place"),
    ),
    ("min\n x\nst\n c: x >= 2 y\nend", Refuses(4, "")),
    ("min\n x\nst\n c: 3 x 4 >= 2\nend", Refuses(4, "")),
    ("min\n x\nst\n c: x y >= 2\nend", Refuses(4, "")),
    ("min\n x\nst\n : x >= 2\nend", Refuses(4, "")),
    ("min\n x\nst\nbounds\n b: x >= 2\nend", Refuses(5, "relation")),
    ("min\n x\nst\nbounds\n x <= infty\nend", Refuses(5, "number")),
    ("min\n x\nst\nbounds\n x <= 3\nbounds\n x >= 1\nend", Reads("min 1 x |  | x [1, 3]")),
    ("min\n x\nst\n c: 0 x >= 1\nend", Reads("min 1 x | c [1, inf] | x [0, inf]")),
    ("min\n x\nst\n c:\n x\n >=\n 1 d: x <= 9\nend", Reads("min 1 x | c [1, inf] 1 x; d [-inf, 9] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x >= -inf\nend", Reads("min 1 x | c [-inf, inf] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: -inf <= x <= 5\nend", Reads("min 1 x | c [-inf, 5] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x <= 1e30\nend", Reads("min 1 x | c [-inf, 1000000000000000000000000000000] 1 x | x [0, inf]")),
    (
        "min\n x\nst\n c: 1e11 x <= 3e20\nend",
        Reads("min 1 x | c [-inf, 300000000000000000000] 100000000000 x | x [0, inf]"),
    ),
    ("min\n x\nst\n c: x <= 1e309\nend", Refuses(4, "")),
    ("min\n x\nst\n c: -1e309 <= x <= 3\nend", Refuses(4, "")),
    ("min\n x\nst\n c: -inf <= x <= 1e20\nend", Reads("min 1 x | c [-inf, 100000000000000000000] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x + 1e22 >= -1e19\nend", Reads("min 1 x | c [-10010000000000000000000, inf] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x + 1e308 >= -1e308\nend", Refuses(4, "sum")),
    ("min\n x\nst\n c: 7 <= x <= 3\nend", Reads("min 1 x | c [7, 3] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x - 1e22 >= 1\nend", Reads("min 1 x | c [10000000000000000000001, inf] 1 x | x [0, inf]")),
    ("min\n x\nst\n c: x >= inf\nend", Refuses(4, "met")),
    ("min\n x\nst\n c: x = -inf\nend", Refuses(4, "met")),
    ("min\n x\nst\n c: x >= y\nend", Refuses(4, "number")),
    ("min\n x\nst\n c: x >= 3 y\nend", Refuses(4, "")),
    ("min\n x\nst\n c: x >=\nend", Refuses(4, "number")),
    ("min\n x\nst\n c: x\nend", Refuses(4, "relation")),
    // Two sides of one kind, or an equation with another side, are no range: none is left out.
    ("min\n x\nst\n c: 3 >= x <= 5\nend", Refuses(4, "range")),
    ("min\n x\nst\n c: 5 <= x >= 1\nend", Refuses(4, "range")),
    ("min\n x\nst\n c: 3 = x <= 5\nend", Refuses(4, "range")),
    ("min\n x\nst\n c: 3 <= x = 5\nend", Refuses(4, "range")),
    ("min\n x\nst\n c: 3 = x = 3\nend", Refuses(4, "range")),
    ("min\n x\nst\n c: 5 >= x >= 1\nend", Reads("min 1 x | c [1, 5] 1 x | x [0, inf]")),
    ("min\n x\nst\nbounds\n 3 >= x <= 5\nend", Refuses(5, "range")),
    ("min\n x\nst\nbounds\n 3 = x <= 5\nend", Refuses(5, "range")),
    ("min\n x\nst\nbounds\n 5 >= x >= 1\nend", Reads("min 1 x |  | x [1, 5]")),
    ("min\n x\nst\n c: x <= 1 <= 2 <= 3\nend", Refuses(4, "third")),
    ("min\n x\nst\n c: 1 <= x <= 2 <= 3\nend", Refuses(4, "third")),
    ("min\n x\nst\n c: 3 + 4 <= x\nend", Refuses(4, "number")),
    ("min\n x\nst\n c: x <= 1\n c: x >= 0\nend", Refuses(5, "label")),
    ("min\n x\nst\n c: x = 1 -> y <= 3\nend", Refuses(4, "not binary")),
    ("min\n x\nst\n c: x >= 0x10\nend", Refuses(4, "0x10")),
    ("min\n x\nst\n c: x >= 1,5\nend", Refuses(4, "1,5")),
    ("min\n x\nst\n c: x ≥ 3\nend", Refuses(4, "")),
    ("min\n x\nst\n c: x < = 3\nend", Refuses(4, "number")),
    ("min\n x\nst\n c: d: x >= 1\nend", Refuses(4, "")),
    // Bounds.
    ("min\n x\nst\nbounds\n x <= 5\nend", Reads("min 1 x |  | x [0, 5]")),
    ("min\n x\nst\nbounds\n 5 >= x\nend", Reads("min 1 x |  | x [0, 5]")),
    ("min\n x\nst\nbounds\n x >= -3\nend", Reads("min 1 x |  | x [-3, inf]")),
    ("min\n x\nst\nbounds\n -1 <= x <= 1.5\nend", Reads("min 1 x |  | x [-1, 3/2]")),
    ("min\n x\nst\nbounds\n x = 2\nend", Reads("min 1 x |  | x [2, 2]")),
    ("min\n x\nst\nbounds\n x free\nend", Reads("min 1 x |  | x [-inf, inf]")),
    ("min\n x\nst\nbounds\n x FREE\nend", Reads("min 1 x |  | x [-inf, inf]")),
    ("min\n free\nst\nbounds\n free free\nend", Reads("min 1 free |  | free [-inf, inf]")),
    ("min\n x\nst\nbounds\n -inf <= x <= inf\nend", Reads("min 1 x |  | x [-inf, inf]")),
    ("min\n x\nst\nbounds\n -Infinity <= x <= +INF\nend", Reads("min 1 x |  | x [-inf, inf]")),
    ("min\n x\nst\nbounds\n x >= -1e30\nend", Warns("min 1 x |  | x [-inf, inf]", 5, "counts as infinity")),
    ("min\n x\nst\nbounds\n x >= 1e30\nend", Refuses(5, "met")),
    ("min\n x\nst\nbounds\n x <= 5\n x <= 3\nend", Reads("min 1 x |  | x [0, 3]")),
    ("min\n x\nst\nbounds\n x <= 3 x >= 1\nend", Warns("min 1 x |  | x [1, 3]", 5, "'3 x'")),
    ("min\n x\nst\nbounds\n 4 <= x <= 2\nend", Reads("min 1 x |  | x [4, 2]")),
    ("min\n x\nst\nbounds\n x <= -1\nend", Warns("min 1 x |  | x [0, -1]", 5, "'x'")),
    ("min\n x\nst\nbounds\n x <= -1\n x >= -9\nend", Reads("min 1 x |  | x [-9, -1]")),
    ("min\n x\nst\nbounds\n x >= 0\n x <= -1\nend", Reads("min 1 x |  | x [0, -1]")),
    ("min\n x\nst\nbounds\n -inf <= x <= -1\nend", Reads("min 1 x |  | x [-inf, -1]")),
    ("bounds\n x <= 3\nmin\n x\nend", Refuses(1, "minimize")),
    ("min\n x\nbounds\n y <= 3\nst\n c: y >= 1\nend", Reads("min 1 x | c [1, inf] 1 y | x [0, inf]; y [0, 3]")),
    ("min\n x\nst\nbounds\n x >= inf\nend", Refuses(5, "met")),
    ("min\n x\nst\nbounds\n x <= -inf\nend", Refuses(5, "met")),
    ("min\n x\nst\nbounds\n x = inf\nend", Refuses(5, "met")),
    ("min\n x\nst\nbounds\n x\nend", Refuses(5, "relation")),
    ("min\n x\nst\nbounds\n x gratis\nend", Refuses(5, "relation")),
    ("min\n x\nst\nbounds\n x <= y\nend", Refuses(5, "number")),
    ("min\n x\nst\nbounds\n 3 <= 4\nend", Refuses(5, "variable")),
    ("min\n x\nst\nbounds\n 3 x <= 4\nend", Refuses(5, "")),
    ("min\n x\nst\nbounds\n x <= nan\nend", Refuses(5, "nan")),
    ("max\n x1\nst\n c: x1 + y <= 5\nbounds\n x_1 <= 2\nend", Refuses(6, "x_1")),
    ("max\n x1\nst\n c: x1 + y <= 5\nbounds\n x_1 free\n y <= 3\nend", Refuses(6, "x_1")),
    // Generals and binaries.
    ("min\n x\nst\ngeneral\n x\nend", Reads("min 1 x |  | x Z [0, inf]")),
    ("min\n x + y\nst\ngeneral\n x y\nend", Reads("min 1 x, 1 y |  | x Z [0, inf]; y Z [0, inf]")),
    ("min\n x\nst\nbinary\n x\nend", Reads("min 1 x |  | x Z [0, 1]")),
    ("min\n x\nst\nbounds\n x <= 7\nbinary\n x\nend", Reads("min 1 x |  | x Z [0, 1]")),
    ("min\n x\nst\nbounds\n x = 0\nbinary\n x\nend", Reads("min 1 x |  | x Z [0, 0]")),
    ("min\n x\nst\nbinary\n x\nbounds\n x >= 0.5\nend", Reads("min 1 x |  | x Z [1/2, 1]")),
    ("min\n x\nst\nbinary\n x\nbounds\n x free\nend", Reads("min 1 x |  | x Z [0, 1]")),
    ("min\n x\nst\nbounds\n x <= 1.00000000000000000001\nbinary\n x\nend", Reads("min 1 x |  | x Z [0, 1]")),
    ("min\n x\nst\nbounds\n x >= -0.5\ngeneral\n x\nend", Reads("min 1 x |  | x Z [-1/2, inf]")),
    ("min\n x\ngeneral\n y\nst\n c: y >= 1\nend", Reads("min 1 x | c [1, inf] 1 y | x [0, inf]; y Z [0, inf]")),
    ("max\n x1\nst\n c: 2 x1 <= 5\ngeneral\n x_1\nend", Refuses(6, "x_1")),
    ("max\n x1\nst\n c: 2 x1 <= 5\nbinary\n x1 b\nend", Refuses(6, "b")),
    ("min\n x\nst\ngeneral\n 3\nend", Refuses(5, "")),
    ("min\n x\nst\ngeneral\n x <= 3\nend", Refuses(5, "")),
    // Sections.
    ("min\n x\nst\nsemi\nend", Reads("min 1 x |  | x [0, inf]")),
    ("min\n x\nst\nsos\nend", Reads("min 1 x |  | x [0, inf]")),
    ("min\n x\nmax\n y\nend", Refuses(3, "second objective")),
    ("min\n st: x\nst\n bounds: x >= 1\nend", Reads("min 1 x | bounds [1, inf] 1 x | x [0, inf]")),
    ("min\n x\nend\n\nrubbish [ ^ \u{1}", Warns("min 1 x |  | x [0, inf]", 5, "not read")),
    ("min\n x\nend rubbish", Warns("min 1 x |  | x [0, inf]", 3, "not read")),
    ("min\n x\nend \\ a comment\n\n \\ another", Reads("min 1 x |  | x [0, inf]")),
    ("min\n x\nst\n c: x >= 1\nst\n d: x <= 2\nend", Reads("min 1 x | c [1, inf] 1 x; d [-inf, 2] 1 x | x [0, inf]")),
    ("x\nend", Refuses(1, "minimize")),
    ("", Refuses(1, "minimize")),
    ("\\ only a comment\n", Refuses(1, "minimize")),
    ("min: x;\n", Refuses(1, "minimize")),
    ("min\n x\nc: x >= 1\nend", Refuses(3, "")),
    // Comments.
    (
        "\\ one\nmin \\ two\n x \\ + y\nst \\ three\n c: x >= 1 \\ 2\nend \\ done",
        Reads("min 1 x | c [1, inf] 1 x | x [0, inf]"),
    ),
    ("min\n x\\y\nend", Reads("min 1 x |  | x [0, inf]")),
];

#[test]
fn grammar() {
    hold(Format::Lp, GRAMMAR);
    hold(Format::Lp, FIRST_FAULTS);
    assert!(GRAMMAR.len() >= 150, "{}", GRAMMAR.len());
}

/// Every spelling of every section, in three cases.
#[test]
fn keywords() {
    let mut rows = Vec::new();
    let senses =
        [("min", ["min", "minimize", "minimise", "minimum"]), ("max", ["max", "maximize", "maximise", "maximum"])];
    for (sense, words) in senses {
        for word in words {
            rows.push((format!("{word}\n x\nend"), format!("{sense} 1 x |  | x [0, inf]")));
        }
    }
    for word in ["subject to", "such that", "s.t.", "st.", "st", "subject   to"] {
        rows.push((format!("min\n x\n{word}\n c: x >= 1\nend"), "min 1 x | c [1, inf] 1 x | x [0, inf]".to_owned()));
    }
    for word in ["bounds", "bound"] {
        rows.push((format!("min\n x\n{word}\n x <= 1\nend"), "min 1 x |  | x [0, 1]".to_owned()));
    }
    for word in ["generals", "general", "gen", "integers", "integer"] {
        rows.push((format!("min\n x\n{word}\n x\nend"), "min 1 x |  | x Z [0, inf]".to_owned()));
    }
    for word in ["binaries", "binary", "bin"] {
        rows.push((format!("min\n x\n{word}\n x\nend"), "min 1 x |  | x Z [0, 1]".to_owned()));
    }
    let title = |text: &str| {
        let mut up = true;
        let turn = |c: char| {
            let turned = if up { c.to_ascii_uppercase() } else { c };
            up = c.is_whitespace();
            turned
        };
        text.chars().map(turn).collect::<String>().replace('X', "x").replace("C:", "c:")
    };
    let upper = |text: &str| text.to_uppercase().replace('X', "x").replace("C:", "c:").replace("MAxI", "MAXI");
    let all: Vec<(String, Expect)> = rows
        .iter()
        .flat_map(|(text, model)| {
            let upper = upper(text).replace("MAx", "MAX");
            [text.clone(), title(text), upper].map(|text| (text, Reads(model.as_str())))
        })
        .collect();
    hold(Format::Lp, &all);
}

/// Byte order mark, line ends, form feeds and blanks of all kinds change nothing.
#[test]
fn dress() {
    const PLAIN: &str = "\\ a comment\nminimize\n obj: x + 2 y\nsubject to\n c: x + y >= 3\nbounds\n x <= 2\nend\n";
    const MODEL: &str = "min 1 x, 2 y | c [3, inf] 1 x, 1 y | x [0, 2]; y [0, inf]";
    let texts = [
        PLAIN.to_owned(),
        PLAIN.replace('\n', "\r\n"),
        PLAIN.replace('\n', "\r"),
        PLAIN.replace('\n', "\n\n"),
        PLAIN.replace('\n', "\r\n\r\n"),
        format!("\u{feff}{PLAIN}"),
        format!("\u{feff}{}", PLAIN.replace('\n', "\r")),
        PLAIN.replace(' ', "\t"),
        PLAIN.replace(' ', "\u{a0}"),
        PLAIN.replace(' ', " \u{b} "),
        PLAIN.replace("subject", "\u{c}subject"),
        PLAIN.replace('\n', "\u{c}\n"),
        PLAIN.trim_end().to_owned(),
        format!("{PLAIN}\u{1a}"),
    ];
    hold(Format::Lp, &texts.map(|text| (text, Reads(MODEL))));
}
