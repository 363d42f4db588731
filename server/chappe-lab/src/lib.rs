//! Simulated carriers, handsets and load
