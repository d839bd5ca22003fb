#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| heaviside_fuzz::targets::checker_export(bytes));
