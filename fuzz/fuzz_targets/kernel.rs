#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| heaviside_fuzz::targets::kernel(bytes));
