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
| the store alone, whole life, durable, indexes included            | ≥ 400 000 messages/s, ≤ 2.5 µs of CPU and ≤ 700 journal octets each |
| a search by number over 10 million messages of history            | ≤ 50 ms                                    |
| restart with 1 million queued beside 50 million finished          | ≤ 1 s, ≤ 100 octets of index each          |
| 10 million queued                                                 | throughput within 20 % of the empty one    |
| OTP while a campaign of 1 million waits, carrier 5 ms, window 100 | p99 ≤ 50 ms end to end                     |
| submit_sm_resp at 100/s                                           | p99 ≤ 2 ms                                 |
| 20 minutes at half load, kills of link and ESME, history 4 GiB    | memory and latency flat                    |
| one bind with window 10                                           | ≥ 0.9 of the floor of the same run         |
| session, batch API, window 10 / 100 / 1000                        | ≥ 0.9 of floor / 1 300 000 / 3 500 000 per second, ≤ 0.05 CPU s per 100k |
| session, one by one, window 10 / 100 / 1000                       | ≥ 0.9 of floor / 900 000 / 2 000 000 per second, ≤ 0.1 CPU s per 100k |
| session over TLS                                                  | ≥ 0.6 of plain                             |
| 10 000 idle sessions                                              | ≤ 100 MB plain, ≤ 400 MB over TLS          |
| codec: decode submit_sm, resp, batch of 64                        | ≤ floor                                    |
| codec: decode receipt with two TLVs                               | ≤ 1.2 × floor                              |
| codec: encode submit_sm                                           | ≤ 1.3 × floor                              |
";
