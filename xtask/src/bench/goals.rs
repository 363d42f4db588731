//! The goals the figures are held against.

/// Stands at the foot of the document.
pub(crate) const TEXT: &str = "\
## Goals

| what                                                              | goal                                       |
| ----------------------------------------------------------------- | ------------------------------------------ |
| end to end, durability power, 4 × 1000, no receipts, first stage  | ≥ 250 000 messages/s, ≤ 0.4 CPU s per 100k |
| the same with receipts, first stage                               | ≥ 120 000 messages/s                       |
| load generator and simulated carrier together                     | ≤ 0.2 CPU s per 100k                       |
| end to end, durability power, 4 × 1000, no receipts               | ≥ 400 000 messages/s, ≤ 0.25 CPU s per 100k |
| the same with receipts, policy, history and CDR                   | ≥ 200 000 messages/s, ≤ 0.45 CPU s per 100k |
| submit_sm_resp at half of the highest rate                        | p99 ≤ 5 ms                                 |
| one bind with window 10                                           | ≥ 0.9 of the floor of the same run         |
| session, batch API, window 10 / 100 / 1000                        | ≥ 0.9 of floor / 1 300 000 / 3 500 000 per second, ≤ 0.05 CPU s per 100k |
| session, one by one, window 10 / 100 / 1000                       | ≥ 0.9 of floor / 900 000 / 2 000 000 per second, ≤ 0.1 CPU s per 100k |
| codec: decode submit_sm, resp, batch of 64                        | ≤ floor                                    |
| codec: decode receipt with two TLVs                               | ≤ 1.2 × floor                              |
| codec: encode submit_sm                                           | ≤ 1.3 × floor                              |
";
