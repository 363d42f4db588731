#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| fuzz::gsm7(octets));
