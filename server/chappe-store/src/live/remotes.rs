//! The carriers' ids: which message a receipt speaks of.

use std::hash::BuildHasher;

use chappe_core::{LinkId, Timestamp};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::forms::Forms;
use super::parked::{Parked, Parking};
use super::spelling::Spelling;
use crate::batch::CarrierReceipt;
use crate::history::IdForm;

/// A message that a carrier's id stands for. The id itself stands in the message's entry.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Of the link and the canonical form of the id.
    hash: Hash,
    sequence: u64,
}

/// Which message a receipt speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    One(u64),
    Nothing,
    /// It fits several messages, none of them exactly: refused rather than guessed.
    Several,
}

/// The ids that carriers gave, the receipts that wait for one, and how each link writes them.
///
/// The calls take `ids`, which tells the id that a message has on the link in question.
#[derive(Debug)]
pub(super) struct Remotes {
    known: HashTable<Known>,
    pub(super) parking: Parking,
    pub(super) forms: Forms,
}

/// Under which an id stands: half of what a table asks for, which is as good as the whole and half as large.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Hash(u32);

impl Hash {
    /// For a table, which looks at both ends of it.
    pub(super) fn whole(self) -> u64 {
        u64::from(self.0) << 32 | u64::from(self.0)
    }
}

/// Ids of two links never meet.
#[expect(clippy::cast_possible_truncation, reason = "half of it is enough")]
fn hash_of(link: LinkId, octets: &[u8]) -> Hash {
    Hash(FixedState::default().hash_one((link, octets)) as u32)
}

/// The hash under which an id stands: that of its canonical form.
pub(super) fn hash(link: LinkId, id: &[u8]) -> Hash {
    if let Some(canonical) = Spelling::within(id) {
        return hash_of(link, canonical);
    }
    match Spelling::of(id) {
        Some(spelling) => hash_of(link, spelling.octets()),
        None => hash_of(link, id),
    }
}

impl Remotes {
    pub(super) fn new(parked_max: usize) -> Self {
        Self { known: HashTable::new(), parking: Parking::new(parked_max), forms: Forms::default() }
    }

    /// The message a receipt speaks of. On a link that is known to write its ids in another base it is the one whose id
    /// that is; else the one whose id it tells exactly; else the only one that its id fits in another form.
    pub(super) fn find<'e>(&self, link: LinkId, told: &[u8], ids: impl Fn(u64) -> Option<&'e [u8]>) -> Found {
        let exact = |known: &Known| ids(known.sequence).is_some_and(|id| id == told);
        let exact = || self.known.find(hash(link, told).whole(), exact).map(|known| known.sequence);
        let Some(spelling) = Spelling::of(told) else {
            return exact().map_or(Found::Nothing, Found::One);
        };
        let fits = |forms: &[IdForm]| self.fits(link, forms, &spelling, &ids);
        if let Some(base) = self.forms.base_of(link) {
            let found = fits(&[base]);
            if found != Found::Nothing {
                return found;
            }
        }
        if self.forms.believes(link, IdForm::AsIs, &spelling, &spelling)
            && let Some(sequence) = exact()
        {
            return Found::One(sequence);
        }
        fits(&IdForm::READ)
    }

    /// The only message that an id fits in one of these forms, as far as they are believed.
    fn fits<'e>(
        &self,
        link: LinkId,
        forms: &[IdForm],
        told: &Spelling,
        ids: impl Fn(u64) -> Option<&'e [u8]>,
    ) -> Found {
        let mut found = Found::Nothing;
        for form in forms {
            let Some(answer) = form.answer_of(told) else {
                continue;
            };
            if !self.forms.believes(link, *form, &answer, told) {
                continue;
            }
            for known in spelt(&self.known, link, &answer, &ids) {
                found = match found {
                    // Those that share their id are told together.
                    Found::One(before) if ids(before) == ids(known.sequence) => found,
                    Found::One(_) => return Found::Several,
                    _ => Found::One(known.sequence),
                };
            }
        }
        found
    }

    /// A receipt fitted nothing: it may tell that the link writes its ids otherwise than is believed.
    pub(super) fn unfit<'e>(&mut self, link: LinkId, told: &[u8], ids: impl Fn(u64) -> Option<&'e [u8]>) {
        if let Some(told) = Spelling::of(told) {
            let waits = |answer: &Spelling| spelt(&self.known, link, answer, &ids).next().is_some();
            self.forms.unfit(link, &told, waits);
        }
    }

    /// Learns a message's id. Where a carrier gives an id twice, the later message has it, unless both are parts that
    /// left as one message, as `beside` tells: then both have it. Answers the hash under which it stands.
    pub(super) fn learn<'e>(
        &mut self,
        link: LinkId,
        id: &[u8],
        sequence: u64,
        ids: impl Fn(u64) -> Option<&'e [u8]>,
        beside: impl Fn(u64) -> bool,
    ) -> Hash {
        let hash = hash(link, id);
        let has = |known: &Known| ids(known.sequence).is_some_and(|other| other == id);
        match self.known.find(hash.whole(), has).map(|known| known.sequence) {
            Some(other) if other == sequence => return hash,
            Some(other) if !beside(other) => drop(self.disown(link, id, ids)),
            Some(_) if self.holds(hash, sequence) => return hash,
            Some(_) | None => {}
        }
        self.known.insert_unique(hash.whole(), Known { hash, sequence }, |known| known.hash.whole());
        hash
    }

    /// A message that is over, or not known yet, was given this id: no other has it any more.
    /// Answers which had it.
    pub(super) fn disown<'e>(
        &mut self,
        link: LinkId,
        id: &[u8],
        ids: impl Fn(u64) -> Option<&'e [u8]>,
    ) -> Vec<u64> {
        let mut had = Vec::new();
        let has = |known: &Known| ids(known.sequence).is_some_and(|other| other == id);
        while let Ok(known) = self.known.find_entry(hash(link, id).whole(), has) {
            had.push(known.remove().0.sequence);
        }
        had
    }

    /// The other messages that have the id of this one.
    pub(super) fn sharing<'e>(
        &self,
        link: LinkId,
        sequence: u64,
        ids: impl Fn(u64) -> Option<&'e [u8]>,
    ) -> Vec<u64> {
        let Some(id) = ids(sequence) else {
            return Vec::new();
        };
        let alike = self.known.iter_hash(hash(link, id).whole()).map(|known| known.sequence);
        alike.filter(|other| *other != sequence && ids(*other) == Some(id)).collect()
    }

    /// Whether a receipt of the id with this hash speaks of this message.
    pub(super) fn holds(&self, hash: Hash, sequence: u64) -> bool {
        self.known.find(hash.whole(), |known| known.sequence == sequence).is_some()
    }

    /// Forgets a message's id, by the hash that it was learnt with, unless another message has it by then.
    pub(super) fn forget(&mut self, hash: Hash, sequence: u64) {
        if let Ok(known) = self.known.find_entry(hash.whole(), |known| known.sequence == sequence) {
            known.remove();
        }
    }

    /// Keeps a receipt for a message that is not known yet.
    pub(super) fn park(&mut self, link: LinkId, receipt: &CarrierReceipt<'_>, now: Timestamp) {
        self.parking.park(hash(link, receipt.remote).whole(), link, receipt, now);
    }

    /// This receipt was given up earlier.
    pub(super) fn gave_up(&mut self, link: LinkId, receipt: &CarrierReceipt<'_>, at: Timestamp) {
        self.parking.gave_up(hash(link, receipt.remote).whole(), link, receipt, at);
    }

    /// The parked receipt of exactly this id.
    pub(super) fn parked(&self, link: LinkId, told: &[u8]) -> Option<&Parked> {
        self.parking.get(hash(link, told).whole(), link, told)
    }

    /// Takes the parked receipt of exactly this id.
    pub(super) fn unpark(&mut self, link: LinkId, told: &[u8]) -> Option<Parked> {
        if self.parking.is_empty() {
            return None;
        }
        self.parking.take(hash(link, told).whole(), link, told)
    }

    /// The parked receipt of exactly this id fits no message.
    pub(super) fn give_up(&mut self, link: LinkId, told: &[u8]) {
        self.parking.give_up(hash(link, told).whole(), link, told);
    }

    /// What the answer may have given, if the receipt says `told`, the likeliest first: for a look into the history,
    /// which knows ids as they were given.
    pub(super) fn answers_of(&self, link: LinkId, told: &[u8]) -> Vec<Box<[u8]>> {
        let Some(spelling) = Spelling::of(told) else {
            return vec![told.into()];
        };
        let both = |spelling: Spelling| [spelling.octets().to_vec(), spelling.octets().to_ascii_uppercase()];
        let turned = self.forms.base_of(link).and_then(|base| base.answer_of(&spelling));
        let kept = self.forms.believes(link, IdForm::AsIs, &spelling, &spelling);
        let kept = kept.then(|| [vec![told.to_vec()], both(spelling).to_vec()].concat());
        let turned = turned.into_iter().flat_map(both);
        let mut answers: Vec<_> =
            turned.chain(kept.into_iter().flatten()).map(Vec::into_boxed_slice).collect();
        answers.dedup();
        answers
    }

    /// The parked receipt that speaks of the id that an answer gives, as [`find`](Self::find) has it.
    pub(super) fn early(&self, link: LinkId, answer: &[u8]) -> Option<&Parked> {
        if self.parking.is_empty() {
            return None;
        }
        let exact = || self.parked(link, answer);
        let Some(spelling) = Spelling::of(answer) else {
            return exact();
        };
        let base = self.forms.base_of(link);
        let turned = base.and_then(|base| self.only_early(link, &[base], &spelling));
        if turned.is_some() {
            return turned;
        }
        if self.forms.believes(link, IdForm::AsIs, &spelling, &spelling)
            && let Some(exact) = exact()
        {
            return Some(exact);
        }
        self.only_early(link, &IdForm::READ, &spelling)
    }

    /// The only parked receipt that speaks of this id in one of these forms, as far as they are believed.
    fn only_early(&self, link: LinkId, forms: &[IdForm], answer: &Spelling) -> Option<&Parked> {
        let told = forms.iter().filter_map(|form| Some((form, form.receipt_of(answer)?)));
        let told = told.filter(|(form, told)| self.forms.believes(link, **form, answer, told));
        let mut found = None;
        for (_, told) in told {
            for parked in self.parking.spelt(hash_of(link, told.octets()).whole(), link, &told) {
                if found.replace(parked).is_some() {
                    return None;
                }
            }
        }
        found
    }
}

/// The messages whose ids have this canonical form.
fn spelt<'k, 'e>(
    known: &'k HashTable<Known>,
    link: LinkId,
    answer: &Spelling,
    ids: impl Fn(u64) -> Option<&'e [u8]>,
) -> impl Iterator<Item = &'k Known> {
    known.iter_hash(hash_of(link, answer.octets()).whole()).filter(move |known| {
        ids(known.sequence).and_then(Spelling::of).is_some_and(|spelling| spelling == *answer)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chappe_core::lifecycle::State;
    use proptest::prelude::*;

    use super::*;
    use crate::row::ErrorCode;

    const LINK: LinkId = LinkId(1);

    /// Messages with the ids that a carrier gave them.
    #[derive(Default)]
    struct Carrier {
        remotes: Option<Remotes>,
        ids: BTreeMap<u64, Vec<u8>>,
    }

    impl Carrier {
        fn with(ids: &[&str]) -> Self {
            let mut carrier = Self { remotes: Some(Remotes::new(10)), ids: BTreeMap::new() };
            for (sequence, id) in (1..).zip(ids) {
                carrier.answers(sequence, id);
            }
            carrier
        }

        fn remotes(&mut self) -> &mut Remotes {
            self.remotes.as_mut().unwrap()
        }

        fn answers(&mut self, sequence: u64, id: &str) {
            let ids = &self.ids;
            let remotes = self.remotes.as_mut().unwrap();
            let ids_of = |other| ids.get(&other).map(Vec::as_slice);
            remotes.learn(LINK, id.as_bytes(), sequence, ids_of, |_| false);
            self.ids.insert(sequence, id.into());
        }

        fn tells(&self, told: &str) -> Found {
            let ids = |sequence| self.ids.get(&sequence).map(Vec::as_slice);
            self.remotes.as_ref().unwrap().find(LINK, told.as_bytes(), ids)
        }
    }

    #[test]
    fn a_receipt_fits_in_every_spelling_of_its_id() {
        let carrier = Carrier::with(&["00AB12CD", "3000000001", "x-Y-1"]);
        let cases = [
            ("00AB12CD", Found::One(1)),
            ("ab12cd", Found::One(1)),
            (" AB12CD ", Found::One(1)),
            ("11211469", Found::One(1)),
            ("0011211469", Found::One(1)),
            ("B2D05E01", Found::One(2)),
            ("X-y-1", Found::One(3)),
            ("x-y-2", Found::Nothing),
            ("", Found::Nothing),
        ];
        for (told, found) in cases {
            assert_eq!(carrier.tells(told), found, "{told:?}");
        }
    }

    #[test]
    fn parts_that_left_as_one_share_their_id_and_a_stranger_takes_it_from_them() {
        let mut remotes = Remotes::new(10);
        let id = |_| Some(&b"77"[..]);
        for part in [1, 2, 3] {
            remotes.learn(LINK, b"77", part, id, |other| other <= 3);
        }
        remotes.learn(LINK, b"77", 2, id, |other| other <= 3);
        let Found::One(first) = remotes.find(LINK, b"77", id) else { panic!("not found") };
        let mut all = remotes.sharing(LINK, first, id);
        all.push(first);
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3]);
        remotes.forget(hash(LINK, b"77"), 1);
        assert_eq!(remotes.sharing(LINK, 2, id), [3]);
        remotes.learn(LINK, b"77", 9, id, |_| false);
        assert_eq!((remotes.find(LINK, b"77", id), remotes.sharing(LINK, 9, id)), (Found::One(9), vec![]));
    }

    #[test]
    fn what_fits_several_is_refused_and_what_fits_exactly_wins() {
        let carrier = Carrier::with(&["0a", "A", "10", "0000abcdef12", "188900977659999", "ABCDEF12"]);
        assert_eq!(carrier.tells("a"), Found::Several);
        assert_eq!(carrier.tells("0a"), Found::One(1));
        assert_eq!(carrier.tells("A"), Found::One(2));
        assert_eq!(carrier.tells("abcdef12"), Found::Several);
        assert_eq!(carrier.tells("16"), Found::Nothing, "chance");
    }

    #[test]
    fn a_link_that_is_known_to_turn_its_ids_is_believed_with_short_ones() {
        let mut carrier = Carrier::with(&["10"]);
        carrier.remotes().forms.witness(LINK, b"1a2b3c4d", b"439041101");
        assert_eq!(carrier.tells("16"), Found::One(1));
        carrier.answers(2, "16");
        assert_eq!(carrier.tells("16"), Found::One(1), "it does not write its ids as they are");
        assert_eq!(carrier.tells("22"), Found::One(2));
    }

    #[test]
    fn an_id_given_twice_belongs_to_the_later_message() {
        let mut carrier = Carrier::with(&["7", "7"]);
        assert_eq!(carrier.tells("7"), Found::One(2));
        carrier.remotes().forget(hash(LINK, b"7"), 1);
        assert_eq!(carrier.tells("7"), Found::One(2));
        carrier.remotes().forget(hash(LINK, b"7"), 2);
        assert!(carrier.remotes().known.is_empty());
        assert_eq!(carrier.tells("7"), Found::Nothing);
    }

    #[test]
    fn an_early_receipt_is_found_in_every_spelling_of_the_answer() {
        let mut remotes = Remotes::new(10);
        let park = |remotes: &mut Remotes, told: &[u8]| {
            let (state, error) = (State::Delivered, ErrorCode::default());
            remotes.park(LINK, &CarrierReceipt { remote: told, state, error, raw: b"" }, Timestamp(1));
        };
        let early =
            |remotes: &Remotes, answer: &[u8]| remotes.early(LINK, answer).map(|parked| parked.id.to_vec());
        park(&mut remotes, b"11211469");
        for answer in [&b"00AB12CD"[..], b"ab12cd", b"11211469", b"011211469"] {
            assert_eq!(
                early(&remotes, answer).as_deref(),
                Some(&b"11211469"[..]),
                "{}",
                answer.escape_ascii()
            );
        }
        assert_eq!((early(&remotes, b"7"), remotes.early(LinkId(2), b"ab12cd").is_none()), (None, true));
        park(&mut remotes, b"AB12CD");
        assert_eq!(early(&remotes, b"00ab12cd"), None, "it fits two");
        assert_eq!(early(&remotes, b"AB12CD").as_deref(), Some(&b"AB12CD"[..]));
    }

    proptest! {
        #[test]
        fn long_numbers_are_matched_in_both_bases_whatever_the_filling(numbers in proptest::collection::btree_set(0x1000_0000..u64::MAX, 1..20)) {
            for form in [IdForm::Decimal, IdForm::Hexadecimal] {
                let written: Vec<_> = numbers.iter().map(|number| match form {
                    IdForm::Decimal => (format!("{number:X}"), format!("{number:022}")),
                    _ => (format!("{number}"), format!("{number:018x}")),
                }).collect();
                let answers: Vec<_> = written.iter().map(|(answer, _)| answer.as_str()).collect();
                let carrier = Carrier::with(&answers);
                for (sequence, (_, told)) in (1..).zip(&written) {
                    prop_assert_eq!(carrier.tells(told), Found::One(sequence), "{}", told);
                }
            }
        }
    }
}
