//! What makes two messages the same, and what makes messages parts of one.
//!
//! Both numbers are written into records and compared with those of messages to come, perhaps by a later version: the
//! hash is one that stays as it is. A wrong match would lose a message, so it is one that nobody can aim at.

use chappe_core::parts::{self, PartOf};
use chappe_core::{Account, AccountId, Address, Message, Timestamp, tlvs};
use chappe_store::{DuplicateKey, Part};
use sha2::{Digest, Sha256};

/// What a repeat of this message would be known by, where its account wants that.
pub(crate) fn duplicate(
    id: AccountId,
    account: &Account,
    message: &Message<'_>,
    now: Timestamp,
) -> Option<DuplicateKey> {
    let until = now + account.duplicates?;
    Some(DuplicateKey { key: duplicate_key(id, message), until })
}

/// Its place in a long message.
pub(crate) fn part(id: AccountId, account: &Account, message: &Message<'_>, now: Timestamp) -> Option<Part> {
    let (part, long) = (parts::part_of(message)?, account.long);
    Some(Part {
        group: group(id, message, part),
        number: part.number,
        total: part.total,
        until: now + long.wait,
        collect: long.collect,
        receipt: long.receipt,
    })
}

/// Equal for a message and its repeat: of one account, from and to the same numbers, under the same
/// user_message_reference, with the same text, header and place among its parts.
fn duplicate_key(account: AccountId, message: &Message<'_>) -> u128 {
    const USER_MESSAGE_REFERENCE: u16 = 0x0204;
    let mut hash = Fields::new(account, message);
    hash.field(tlvs::find(message.tlvs, USER_MESSAGE_REFERENCE).unwrap_or_default());
    hash.field(&[message.data_coding]);
    hash.field(message.user_data);
    if let Some(part) = parts::part_of(message) {
        hash.part(part);
        hash.field(&[part.number]);
    }
    let [low, high] = hash.words();
    u128::from(low) | u128::from(high) << 64
}

/// Equal for the parts of one long message: of one account, between the same numbers, under the same reference.
fn group(account: AccountId, message: &Message<'_>, part: PartOf) -> u64 {
    let mut hash = Fields::new(account, message);
    hash.part(part);
    hash.words()[0]
}

/// For the parts that a message is split into here: no other message has it.
pub(crate) fn split(account: AccountId, message: &Message<'_>, now: Timestamp, number: u64) -> u64 {
    let mut hash = Fields::new(account, message);
    hash.field(&now.0.to_le_bytes());
    hash.field(&number.to_le_bytes());
    hash.words()[0]
}

struct Fields(Sha256);

impl Fields {
    fn new(account: AccountId, message: &Message<'_>) -> Self {
        let mut fields = Self(Sha256::new());
        fields.field(&account.0.to_le_bytes());
        fields.address(&message.source);
        fields.address(&message.destination);
        fields
    }

    /// With its length before it, so that no two lists of fields read the same.
    fn field(&mut self, octets: &[u8]) {
        self.0.update(u32::try_from(octets.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.0.update(octets);
    }

    fn address(&mut self, address: &Address<'_>) {
        self.field(&[address.ton, address.npi]);
        self.field(address.digits);
    }

    fn part(&mut self, part: PartOf) {
        let [high, low] = part.reference.to_be_bytes();
        self.field(&[part.said as u8, high, low, part.total]);
    }

    fn words(self) -> [u64; 2] {
        let digest = self.0.finalize();
        let word = |at: usize| {
            let octets = digest.iter().skip(at).take(8);
            octets.fold(0, |word: u64, octet| word << 8 | u64::from(*octet))
        };
        [word(0), word(8)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &[u8]) -> Message<'_> {
        let source = Address { ton: 5, npi: 0, digits: b"ACME" };
        let destination = Address { ton: 1, npi: 1, digits: b"385911234567" };
        Message { source, destination, user_data: text, ..Message::default() }
    }

    #[test]
    fn a_repeat_has_the_same_key_and_nothing_else_has() {
        let key = |message: &Message<'_>| duplicate_key(AccountId(1), message);
        let first = message(b"hello");
        assert_eq!(key(&first), key(&Message { valid_until: chappe_core::Timestamp(9), ..first }));
        let part = |number| [2, 0x0C, 0, 2, 1, 77, 2, 0x0E, 0, 1, 2, 2, 0x0F, 0, 1, number];
        let (one, two) = (part(1), part(2));
        let others = [
            message(b"hello!"),
            Message { source: Address { ton: 5, npi: 0, digits: b"ACM" }, ..first },
            Message { destination: Address { ton: 1, npi: 1, digits: b"385911234568" }, ..first },
            Message { tlvs: &[2, 4, 0, 2, 0, 1], ..first },
            Message { tlvs: &[2, 4, 0, 2, 0, 2], ..first },
            Message { tlvs: &one, ..first },
            Message { tlvs: &two, ..first },
            Message { data_coding: 8, ..first },
        ];
        let mut keys: Vec<_> = others.iter().map(key).collect();
        keys.extend([key(&first), duplicate_key(AccountId(2), &first)]);
        let distinct = keys.iter().collect::<std::collections::HashSet<_>>().len();
        assert_eq!(distinct, keys.len());
    }

    #[test]
    fn a_key_is_the_same_in_every_version() {
        // These stand in journals.
        assert_eq!(duplicate_key(AccountId(1), &message(b"hello")), KEY);
        let part = PartOf { reference: 7, said: parts::Said::Header, number: 2, total: 3 };
        assert_eq!(group(AccountId(1), &message(b"b"), part), GROUP);
        assert_eq!(group(AccountId(1), &message(b"a"), PartOf { number: 1, ..part }), GROUP);
    }

    const KEY: u128 = 0xf413_b98e_9401_87db_4b48_3e8b_fd35_4d61;
    const GROUP: u64 = 0x2306_f75b_458f_cf21;
}
