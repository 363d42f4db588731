//! How each carrier's receipts write the ids that its answers gave: learnt from what fitted.
//!
//! A short number fits another message in another base: `10` is the sixteenth message in hexadecimal and the tenth in
//! decimal. So only a match that cannot be chance teaches a form; a short id is read in another base only where the link
//! is known to write so, and then in no other way; and where many matches in a row agree, no other base is tried at all,
//! but what would have fitted in one is counted.

use chappe_core::LinkId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::spelling::Spelling;
use crate::history::IdForm;

/// A link's form is certain once this many matches say so, and changes once this many in a row say otherwise.
const CONVINCED: u8 = 8;
/// As many receipts in a row that fit nothing but in another base teach that base, though their ids are short.
const SUSPECTED: u8 = 32;

impl IdForm {
    /// How an id can be read, apart from octet for octet.
    pub(super) const READ: [Self; 3] = [Self::Respelt, Self::Decimal, Self::Hexadecimal];

    /// The id that an answer gave, if a receipt of this form says `told`.
    pub(super) fn answer_of(self, told: &Spelling) -> Option<Spelling> {
        match self {
            Self::AsIs | Self::Respelt => Some(*told),
            Self::Decimal => told.in_hexadecimal(),
            Self::Hexadecimal => told.in_decimal(),
        }
    }

    /// What a receipt of this form says of the id that an answer gave.
    pub(super) fn receipt_of(self, answer: &Spelling) -> Option<Spelling> {
        match self {
            Self::AsIs | Self::Respelt => Some(*answer),
            Self::Decimal => answer.in_decimal(),
            Self::Hexadecimal => answer.in_hexadecimal(),
        }
    }

    /// Whether a match of this form cannot be chance.
    fn is_telling(self, answer: &Spelling, told: &Spelling) -> bool {
        match self {
            Self::AsIs | Self::Respelt => told.is_plain(),
            Self::Decimal => answer.is_far(),
            Self::Hexadecimal => told.is_far(),
        }
    }

    /// Whether the number is told in the base of the answer.
    fn keeps_base(self) -> bool {
        matches!(self, Self::AsIs | Self::Respelt)
    }

    fn is_like(self, other: Self) -> bool {
        self == other || (self.keeps_base() && other.keeps_base())
    }

    /// The form in which a receipt told the id of an answer, if it is one; and whether that cannot be chance.
    fn between(answer: &[u8], told: &[u8]) -> Option<(Self, bool)> {
        let is_same = answer == told;
        let (answer, told) = (Spelling::of(answer)?, Spelling::of(told)?);
        let fits = |form: &Self| form.answer_of(&told).is_some_and(|expected| expected == answer);
        let form = Self::READ.into_iter().find(fits)?;
        let is_telling = form.is_telling(&answer, &told);
        Some((if is_same { Self::AsIs } else { form }, is_telling))
    }
}

/// What was learnt of each link.
#[derive(Debug, Default)]
pub(super) struct Forms {
    links: HashMap<LinkId, Learnt, FixedState>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Learnt {
    /// Nothing until something fitted.
    form: Option<IdForm>,
    /// Matches that cannot be chance and agree, up to [`CONVINCED`]; none where the form is but a guess.
    agreed: u8,
    rival: Option<IdForm>,
    /// What speaks for the rival, in a row.
    streak: u8,
}

impl Learnt {
    fn is_certain(&self) -> bool {
        self.agreed >= CONVINCED
    }

    /// The other base in which ids are told.
    fn base(&self) -> Option<IdForm> {
        self.form.filter(|form| !form.keeps_base())
    }

    fn believes(&self, form: IdForm, answer: &Spelling, told: &Spelling) -> bool {
        match self.form {
            Some(known) if known.is_like(form) => true,
            // What the base of the link cannot have written is told as it was given.
            Some(known) if form.keeps_base() && known.answer_of(told).is_none() => true,
            None if form.keeps_base() => true,
            _ => !self.is_certain() && form.is_telling(answer, told),
        }
    }

    fn agree(&mut self, form: IdForm, is_telling: bool) {
        self.agreed = (self.agreed + u8::from(is_telling)).min(CONVINCED);
        if *self.form.get_or_insert(form) == form {
            self.streak = 0;
        } else {
            self.doubt(form, CONVINCED);
        }
    }

    /// Something speaks for another form; it takes over when that came so often in a row.
    fn doubt(&mut self, rival: IdForm, often: u8) {
        let before = if self.rival == Some(rival) { self.streak } else { 0 };
        (self.rival, self.streak) = (Some(rival), before + 1);
        if self.streak >= often {
            let is_like = self.form.is_some_and(|form| form.is_like(rival));
            let agreed = if is_like { self.agreed } else { 1 };
            *self = Self { form: Some(rival), agreed, ..Self::default() };
        }
    }
}

impl Forms {
    /// The form of a link's receipts, once one has fitted.
    pub(super) fn of(&self, link: LinkId) -> Option<IdForm> {
        self.links.get(&link)?.form
    }

    /// The other base in which a link is known to write its ids.
    pub(super) fn base_of(&self, link: LinkId) -> Option<IdForm> {
        self.links.get(&link)?.base()
    }

    /// What is known of every link, for a record.
    pub(super) fn iter(&self) -> impl Iterator<Item = (LinkId, IdForm)> {
        self.links.iter().filter_map(|(link, learnt)| Some((*link, learnt.form?)))
    }

    /// Sets what is known of a link, from a record: how often it was seen is not told there.
    pub(super) fn set(&mut self, link: LinkId, form: IdForm) {
        let agreed = u8::from(!form.keeps_base());
        self.links.insert(link, Learnt { form: Some(form), agreed, ..Learnt::default() });
    }

    /// Whether a receipt that says `told` may be taken for that of `answer`, which this form makes of it.
    pub(super) fn believes(&self, link: LinkId, form: IdForm, answer: &Spelling, told: &Spelling) -> bool {
        self.links.get(&link).copied().unwrap_or_default().believes(form, answer, told)
    }

    /// A receipt fitted a message.
    pub(super) fn witness(&mut self, link: LinkId, answer: &[u8], told: &[u8]) {
        let Some((form, is_telling)) = IdForm::between(answer, told) else {
            return;
        };
        let learnt = self.links.entry(link).or_default();
        if learnt.form.is_none_or(|known| known.is_like(form)) {
            learnt.agree(form, is_telling);
        } else if is_telling {
            let often = if learnt.agreed == 0 { 1 } else { CONVINCED };
            learnt.agreed = learnt.agreed.min(1);
            learnt.doubt(form, often);
        }
    }

    /// A receipt fits nothing as it is believed; `waits` tells whether a message waits that was given this id.
    pub(super) fn unfit(&mut self, link: LinkId, told: &Spelling, waits: impl Fn(&Spelling) -> bool) {
        let learnt = self.links.entry(link).or_default();
        let fits = |form: &IdForm| {
            let answer = form.answer_of(told).filter(&waits)?;
            (!learnt.believes(*form, &answer, told)).then_some((*form, answer))
        };
        let doubt = IdForm::READ.iter().find_map(fits);
        match doubt {
            Some((form, answer)) if form.is_telling(&answer, told) => learnt.doubt(form, CONVINCED),
            // Only a letter tells in which base the other side is.
            Some((form, answer)) if learnt.agreed == 0 && answer.is_digits() != told.is_digits() => {
                learnt.doubt(form, SUSPECTED);
            }
            // What has a letter is no decimal number, so this link does not write any.
            _ if learnt.rival == Some(IdForm::Decimal) && !told.is_digits() => learnt.streak = 0,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: LinkId = LinkId(1);

    #[test]
    fn a_form_is_recognised() {
        let cases = [
            ("1a2b", "1a2b", Some((IdForm::AsIs, true))),
            ("16", "16", Some((IdForm::AsIs, false))),
            ("1a2b", "00001A2B", Some((IdForm::Respelt, true))),
            ("1a2b", "6699", Some((IdForm::Decimal, false))),
            ("0000001A2B", "06699", Some((IdForm::Decimal, false))),
            ("AB12CD", "11211469", Some((IdForm::Decimal, true))),
            ("6699", "1A2B", Some((IdForm::Hexadecimal, false))),
            ("305419896", "12345678", Some((IdForm::Hexadecimal, true))),
            ("6699", "6698", None),
            ("message-7", "7", None),
        ];
        for (answer, told, form) in cases {
            assert_eq!(IdForm::between(answer.as_bytes(), told.as_bytes()), form, "{answer} {told}");
        }
        for form in [IdForm::AsIs, IdForm::Respelt, IdForm::Decimal, IdForm::Hexadecimal] {
            assert_eq!(IdForm::from_u8(form as u8), Some(form));
        }
    }

    #[test]
    fn a_link_is_believed_once_and_changes_its_form_when_many_in_a_row_say_so() {
        let mut forms = Forms::default();
        forms.witness(LINK, b"16", b"16");
        assert_eq!(forms.of(LINK), Some(IdForm::AsIs), "a guess");
        forms.witness(LINK, b"1a2b3c4d", b"439041101");
        assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
        for _ in 1..CONVINCED {
            forms.witness(LINK, b"1a2b", b"1a2b");
        }
        assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
        forms.witness(LINK, b"1a2b3c4d", b"439041101");
        for _ in 0..CONVINCED {
            assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
            forms.witness(LINK, b"16", b"16");
            forms.witness(LINK, b"1a2b", b"1a2b");
        }
        assert_eq!(forms.of(LINK), Some(IdForm::AsIs));
        assert_eq!(forms.of(LinkId(2)), None);
    }

    fn spelling(id: &str) -> Spelling {
        Spelling::of(id.as_bytes()).unwrap()
    }

    #[test]
    fn a_short_number_is_believed_only_of_a_link_that_is_known_to_write_so() {
        let mut forms = Forms::default();
        let believes = |forms: &Forms, form, answer, told| {
            forms.believes(LINK, form, &spelling(answer), &spelling(told))
        };
        let (same, decimal) = (IdForm::Respelt, IdForm::Decimal);
        assert!(believes(&forms, same, "16", "16") && !believes(&forms, decimal, "10", "16"));
        assert!(!believes(&forms, decimal, "1a", "26") && believes(&forms, decimal, "12345678", "305419896"));
        forms.set(LINK, decimal);
        assert!(believes(&forms, decimal, "10", "16") && !believes(&forms, same, "16", "16"));
        assert!(believes(&forms, same, "7", "7") && believes(&forms, same, "1a", "1a"));
    }

    #[test]
    fn a_link_that_certainly_keeps_its_base_is_read_in_another_only_after_many_that_fit_nothing_else() {
        let mut forms = Forms::default();
        for _ in 0..CONVINCED {
            forms.witness(LINK, b"1a2b3c4d", b"1a2b3c4d");
        }
        let (answer, told) = (spelling("1a2b3c4d"), spelling("439041101"));
        for _ in 0..CONVINCED {
            assert!(!forms.believes(LINK, IdForm::Decimal, &answer, &told));
            forms.unfit(LINK, &told, |waits| *waits == answer);
        }
        assert!(forms.believes(LINK, IdForm::Decimal, &answer, &told));
    }

    #[test]
    fn short_ids_teach_another_base_when_very_many_fit_nothing_else_and_none_has_a_letter() {
        let mut forms = Forms::default();
        let suspects = |forms: &mut Forms, times| {
            (0..times).for_each(|_| forms.unfit(LINK, &spelling("26"), |waits| *waits == spelling("1a")));
        };
        suspects(&mut forms, SUSPECTED - 1);
        forms.unfit(LINK, &spelling("2a"), |_| false);
        suspects(&mut forms, SUSPECTED - 1);
        assert_eq!(forms.of(LINK), None);
        suspects(&mut forms, 1);
        assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
    }
}
