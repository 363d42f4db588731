//! What is done with each field of a body, in wire order.

use crate::address::Address;
use crate::field::Entries;
use crate::ids::InterfaceVersion;
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;

/// Takes the fields of a [`Body`](crate::Body) one by one, in wire order: to write them, to check them, to name them.
///
/// `max` is in octets, as the specification counts them: with the NUL of a C-string.
///
/// # Errors
///
/// All but `list`: [`Unwritable`], naming the field; the rest of the body is then not visited.
pub trait Visit {
    /// The version whose rules hold for what is visited.
    fn version(&self) -> InterfaceVersion {
        InterfaceVersion::V5_0
    }

    /// `N` fields of one octet each.
    fn octets<const N: usize>(
        &mut self,
        fields: &[&'static str; N],
        values: [u8; N],
    ) -> Result<(), Unwritable>;

    /// An integer of four octets.
    fn long(&mut self, field: &'static str, value: u32) -> Result<(), Unwritable>;

    /// A C-string, without its NUL.
    fn c_string(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), Unwritable>;

    /// A time: a C-string that is empty or has sixteen characters.
    fn time(&mut self, field: &'static str, value: &[u8]) -> Result<(), Unwritable>;

    /// Octets whose length an earlier field announces.
    fn sized(&mut self, field: &'static str, value: &[u8], max: usize) -> Result<(), Unwritable>;

    /// Entries whose count an earlier field announces; returns whether the fields of each are to be visited next.
    fn list(&mut self, field: &'static str, entries: &dyn Entries) -> bool;

    /// The optional parameters.
    fn tlvs(&mut self, tlvs: &Tlvs<'_>) -> Result<(), Unwritable>;

    /// Type, plan and digits; `fields` names the three.
    #[inline(always)]
    fn address(
        &mut self,
        fields: &[&'static str; 3],
        address: &Address<'_>,
        max: usize,
    ) -> Result<(), Unwritable> {
        let Address { ton, npi, digits } = address;
        self.octets(&[fields[0], fields[1]], [ton.0, npi.0])?;
        self.c_string(fields[2], digits, max)
    }
}
