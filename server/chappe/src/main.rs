//! A message centre for SMS that speaks SMPP
fn main() {}
