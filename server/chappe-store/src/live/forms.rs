//! How each carrier's receipts write the ids that its answers gave: learnt from what fitted.

use chappe_core::LinkId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::spelling::Spelling;
use crate::history::IdForm;

/// A link's form changes once this many matches in a row say so.
const CONVINCED: u8 = 8;

impl IdForm {
    /// The forms in which the same number is written in another base.
    pub(super) const BASES: [Self; 2] = [Self::Decimal, Self::Hexadecimal];

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

    /// Whether a match of this form can hardly be chance.
    fn is_telling(self, answer: &Spelling, told: &Spelling) -> bool {
        match self {
            Self::AsIs | Self::Respelt => true,
            Self::Decimal => answer.is_telling(),
            Self::Hexadecimal => told.is_telling(),
        }
    }

    /// The form in which a receipt told the id of an answer, if it is one.
    fn between(answer: &[u8], told: &[u8]) -> Option<Self> {
        if answer == told {
            return Some(Self::AsIs);
        }
        let (answer, told) = (Spelling::of(answer)?, Spelling::of(told)?);
        let fits = |form: &Self| form.answer_of(&told).is_some_and(|expected| expected == answer);
        [Self::Respelt, Self::Decimal, Self::Hexadecimal].into_iter().find(fits)
    }
}

/// What was learnt of each link.
#[derive(Debug, Default)]
pub(super) struct Forms {
    links: HashMap<LinkId, Learnt, FixedState>,
}

#[derive(Clone, Copy, Debug)]
struct Learnt {
    form: IdForm,
    rival: IdForm,
    /// Matches in a row that speak for the rival.
    streak: u8,
}

impl Forms {
    /// The form of a link's receipts, once one has fitted.
    pub(super) fn of(&self, link: LinkId) -> Option<IdForm> {
        self.links.get(&link).map(|learnt| learnt.form)
    }

    /// What is known of every link, for a record.
    pub(super) fn iter(&self) -> impl Iterator<Item = (LinkId, IdForm)> {
        self.links.iter().map(|(link, learnt)| (*link, learnt.form))
    }

    /// Sets what is known of a link.
    pub(super) fn set(&mut self, link: LinkId, form: IdForm) {
        self.links.insert(link, Learnt { form, rival: form, streak: 0 });
    }

    /// Whether a match in another base may be believed: the link is known to write so, or it can hardly be chance.
    pub(super) fn believes(&self, link: LinkId, form: IdForm, answer: &Spelling, told: &Spelling) -> bool {
        self.of(link) == Some(form) || form.is_telling(answer, told)
    }

    /// A receipt fitted a message.
    pub(super) fn witness(&mut self, link: LinkId, answer: &[u8], told: &[u8]) {
        let Some(form) = IdForm::between(answer, told) else {
            return;
        };
        let learnt = self.links.entry(link).or_insert(Learnt { form, rival: form, streak: 0 });
        if learnt.form == form {
            learnt.streak = 0;
            return;
        }
        let before = if learnt.rival == form { learnt.streak } else { 0 };
        (learnt.rival, learnt.streak) = (form, before + 1);
        if learnt.streak >= CONVINCED {
            (learnt.form, learnt.streak) = (form, 0);
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
            ("1a2b", "1a2b", Some(IdForm::AsIs)),
            ("1a2b", "00001A2B", Some(IdForm::Respelt)),
            ("1a2b", "6699", Some(IdForm::Decimal)),
            ("0000001A2B", "06699", Some(IdForm::Decimal)),
            ("6699", "1A2B", Some(IdForm::Hexadecimal)),
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
        forms.witness(LINK, b"1a2b", b"6699");
        assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
        for _ in 1..CONVINCED {
            forms.witness(LINK, b"1a2b", b"1a2b");
        }
        assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
        forms.witness(LINK, b"1a2b", b"6699");
        for _ in 0..CONVINCED {
            assert_eq!(forms.of(LINK), Some(IdForm::Decimal));
            forms.witness(LINK, b"1a2b", b"1a2b");
        }
        assert_eq!(forms.of(LINK), Some(IdForm::AsIs));
        assert_eq!(forms.of(LinkId(2)), None);
    }

    #[test]
    fn a_short_number_is_believed_only_of_a_link_that_is_known_to_write_so() {
        let mut forms = Forms::default();
        let spelling = |id: &str| Spelling::of(id.as_bytes()).unwrap();
        let believes = |forms: &Forms, answer, told| {
            forms.believes(LINK, IdForm::Decimal, &spelling(answer), &spelling(told))
        };
        assert!(!believes(&forms, "10", "16"));
        assert!(believes(&forms, "1a", "26") && believes(&forms, "12345678", "305419896"));
        forms.set(LINK, IdForm::Decimal);
        assert!(believes(&forms, "10", "16"));
    }
}
