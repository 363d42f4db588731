//! Text of short messages: alphabets, segments and receipts
