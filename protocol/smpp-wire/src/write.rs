//! Writing PDUs: the header, the body, the length patched in last.

use alloc::vec::Vec;

use crate::check::{Checker, tiles};
use crate::field::Field;
use crate::header::Header;
use crate::ids::{CommandId, CommandStatus, InterfaceVersion};
use crate::name::Namer;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::writer::Writer;

/// The body of a PDU: a command, and its fields in wire order.
///
/// All the views are bodies. A vendor's command becomes one by naming its fields:
///
/// ```
/// use smpp_wire::{Body, CommandId, InterfaceVersion, Unwritable, Visit};
///
/// struct Balance<'a> {
///     account: &'a [u8],
///     currency: u8,
/// }
///
/// impl Body for Balance<'_> {
///     fn command_id(&self) -> CommandId {
///         CommandId(0x0001_0200)
///     }
///
///     fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
///         v.c_string("account", self.account, 16)?;
///         v.octets(&["currency"], [self.currency])
///     }
/// }
///
/// let mut out = Vec::new();
/// Balance { account: b"acme", currency: 2 }.write(&mut out, InterfaceVersion::V3_4)?;
/// assert_eq!(out, b"acme\0\x02");
/// # Ok::<(), Unwritable>(())
/// ```
pub trait Body {
    fn command_id(&self) -> CommandId;

    /// Hands each field to `v`, in wire order.
    ///
    /// # Errors
    ///
    /// What `v` says of a field, or [`Unwritable`] where no frame can carry it.
    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable>;

    /// Appends the body, without header, to `out`, as a peer of `version` knows it: to one of 3.3 there are no TLVs
    /// (3.4 and later skip those they do not know, so they get all), and no more than one bit of
    /// `registered_delivery`.
    ///
    /// Strings longer than their field allows are written as they are, up to 255 octets: real peers agree on
    /// longer passwords and ids. [`check`](Self::check) is the strict test.
    ///
    /// # Errors
    ///
    /// [`Unwritable`] where no frame can carry the value, or none to a peer of that version; `out` may then end in
    /// half a body, which [`write_pdu`] takes back.
    #[inline]
    fn write(&self, out: &mut Vec<u8>, version: InterfaceVersion) -> Result<(), Unwritable> {
        self.visit(&mut Writer { out, version })
    }

    /// Whether the body keeps to the limits of the specification. [`strict::check`](crate::strict::check) asks
    /// for more.
    ///
    /// # Errors
    ///
    /// [`Unwritable`], naming the first field that does not.
    fn check(&self) -> Result<(), Unwritable> {
        self.visit(&mut Checker { tlvs: tiles })
    }

    /// Calls `each` with every field and its name in the specification, in wire order; lengths and counts are fields
    /// like any other, TLVs are not.
    fn fields(&self, each: &mut dyn FnMut(&'static str, Field<'_>)) {
        // A list with more entries than its count can say is named up to there.
        let _ = self.visit(&mut Namer::new(each));
    }
}

/// Appends a whole PDU to `out`, with all it has.
///
/// # Errors
///
/// [`Unwritable`], with `out` as it was before.
///
/// # Examples
///
/// ```
/// use smpp_wire::{Address, CommandStatus, SubmitSm, write_pdu};
///
/// let message = SubmitSm {
///     destination: Address::try_from("+385911234567")?,
///     short_message: b"hello",
///     ..Default::default()
/// };
/// let mut out = Vec::new();
/// write_pdu(&mut out, CommandStatus::OK, 1, &message)?;
/// assert_eq!(out.len(), 50);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline]
pub fn write_pdu<B: Body>(
    out: &mut Vec<u8>,
    status: CommandStatus,
    sequence: u32,
    body: &B,
) -> Result<(), Unwritable> {
    write_pdu_for(InterfaceVersion::V5_0, out, status, sequence, body)
}

/// Appends a whole PDU to `out`, as a peer of `version` knows it; see [`Body::write`]. The `status` is written as it is:
/// [`CommandStatus::to`] is for a caller who holds back those that the peer does not know.
///
/// # Errors
///
/// [`Unwritable`], with `out` as it was before.
#[inline]
pub fn write_pdu_for<B: Body>(
    version: InterfaceVersion,
    out: &mut Vec<u8>,
    status: CommandStatus,
    sequence: u32,
    body: &B,
) -> Result<(), Unwritable> {
    let start = out.len();
    write_header(out, body.command_id(), status, sequence);
    let written = body.write(out, version).and_then(|()| patch_length(out, start));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// Appends a PDU that is a header alone: unbind, enquire_link, generic_nack, most refusals.
#[inline]
pub fn write_header(out: &mut Vec<u8>, id: CommandId, status: CommandStatus, sequence: u32) {
    let header = Header {
        command_length: Header::LEN as u32,
        command_id: id,
        command_status: status,
        sequence_number: sequence,
    };
    out.extend_from_slice(&header.to_octets());
}

#[inline]
fn patch_length(out: &mut [u8], start: usize) -> Result<(), Unwritable> {
    let octets = out.len() - start;
    let Ok(length) = u32::try_from(octets) else {
        return Err(Unwritable::TooLong { field: "command_length", octets, max: u32::MAX as usize });
    };
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}
