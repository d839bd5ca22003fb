//! What the checker refuses to read, so that no file can exhaust memory or time by a few bytes.
//!
//! All files are read as streams; what is kept grows with the file, never with a number written in it.

/// Steps that any check may take, and more for each byte read; see [`crate::Budget`]. Unit propagation may take thousands of
/// steps for a byte, everything else takes a few.
pub const STEPS: u64 = 1 << 36;

/// See [`STEPS`].
pub const STEPS_PER_BYTE: u64 = 1 << 20;

/// Bytes of memory that any check may hold beside what it has read, and more for each byte read; see [`crate::Budget`].
pub const HELD: usize = 1 << 26;

/// See [`HELD`].
pub const HELD_PER_BYTE: usize = 256;

/// The most bytes that any check may hold beside what it has read.
pub const MOST_HELD: usize = 1 << 33;

/// Longest number, in characters.
pub const NUMBER_CHARS: usize = 100_000;

/// Largest absolute decimal exponent of a number (`1e5000`); binary64 needs 324, exact files hardly any.
pub const EXPONENT: usize = 5_000;

/// Largest numerator or denominator of an intermediate result, in bits.
pub const BITS: usize = 1 << 21;

/// Longest line of a text file, in bytes; a CSV row of 100,000 numbers fits.
pub const LINE_BYTES: usize = 1 << 24;

/// Longest word (name, keyword or number) of a certificate, in bytes.
pub const WORD_BYTES: usize = NUMBER_CHARS;

/// Largest JSON file, in bytes (a model file is read whole).
pub const JSON_BYTES: usize = 1 << 28;

/// Deepest nesting of a JSON file.
pub const JSON_DEPTH: usize = 32;

/// Operations, statements and elements of arrays that an exported header may take for one row, and more for each of its bytes: four weights
/// take a byte, which is written in three characters on the mean, and each of them some 40 operations.
pub const HEADER_STEPS: usize = 1 << 18;

/// See [`HEADER_STEPS`].
pub const HEADER_STEPS_PER_BYTE: usize = 512;

/// Largest model file, in bytes (a model is kept whole).
pub const MODEL_BYTES: usize = 1 << 30;

/// Largest data file, in bytes.
pub const DATA_BYTES: usize = 1 << 30;

/// Most bits of the scaled points of a linear model over their common denominator; beyond, they have too many different ones.
pub const POINT_BITS: usize = 1 << 31;

/// Most bits of the common denominator of a lemma's multipliers.
pub const LEMMA_BITS: usize = 1 << 18;
