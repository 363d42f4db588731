//! Black-box tests of Chappe with real peers
