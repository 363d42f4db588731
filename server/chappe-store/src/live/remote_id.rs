//! A carrier's id of a message, kept without an allocation of its own where it is short.

/// Octets that are kept in place.
const SHORT: usize = 22;

/// The octets of an id.
#[derive(Clone, Debug)]
pub(super) enum RemoteId {
    Short { length: u8, octets: [u8; SHORT] },
    Long(Box<[u8]>),
}

impl RemoteId {
    pub(super) fn new(id: &[u8]) -> Self {
        let mut octets = [0; SHORT];
        match (octets.get_mut(..id.len()), u8::try_from(id.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(id);
                Self::Short { length, octets }
            }
            _ => Self::Long(id.into()),
        }
    }

    pub(super) fn octets(&self) -> &[u8] {
        match self {
            Self::Short { length, octets } => &octets[..usize::from(*length)],
            Self::Long(octets) => octets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_length_is_kept() {
        let long = [b'x'; 255];
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 255] {
            assert_eq!(RemoteId::new(&long[..length]).octets(), &long[..length]);
        }
        assert_eq!(size_of::<RemoteId>(), 24);
    }
}
