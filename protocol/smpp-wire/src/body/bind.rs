//! bind_transmitter, bind_receiver, bind_transceiver, and their responses.

use crate::ids::{CommandId, InterfaceVersion, Npi, Tag, Ton};
use crate::limits;
use crate::malformed::Malformed;
use crate::read::{self, Mode, Reader};
use crate::tlvs::Tlvs;
use crate::unwritable::Unwritable;
use crate::visit::Visit;
use crate::warnings::Warnings;
use crate::write::Body;

/// Which way messages go on a session: three commands with one body.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum BindMode {
    /// The ESME sends.
    Transmitter,
    /// The ESME receives.
    Receiver,
    /// Both.
    #[default]
    Transceiver,
}

impl BindMode {
    /// The command that asks for it.
    pub const fn command(self) -> CommandId {
        match self {
            Self::Transmitter => CommandId::BIND_TRANSMITTER,
            Self::Receiver => CommandId::BIND_RECEIVER,
            Self::Transceiver => CommandId::BIND_TRANSCEIVER,
        }
    }

    /// The mode that a bind command or its response stands for.
    pub const fn of(id: CommandId) -> Option<Self> {
        match id.request() {
            CommandId::BIND_TRANSMITTER => Some(Self::Transmitter),
            CommandId::BIND_RECEIVER => Some(Self::Receiver),
            CommandId::BIND_TRANSCEIVER => Some(Self::Transceiver),
            _ => None,
        }
    }

    /// Whether the ESME may submit.
    pub const fn sends(self) -> bool {
        matches!(self, Self::Transmitter | Self::Transceiver)
    }

    /// Whether the ESME is delivered to.
    pub const fn receives(self) -> bool {
        matches!(self, Self::Receiver | Self::Transceiver)
    }
}

/// A request to bind (SMPP 5.0 §4.1.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Bind<'a> {
    /// The command; not in the body.
    pub mode: BindMode,
    pub system_id: &'a [u8],
    pub password: &'a [u8],
    pub system_type: &'a [u8],
    pub interface_version: InterfaceVersion,
    pub addr_ton: Ton,
    pub addr_npi: Npi,
    pub address_range: &'a [u8],
    /// No version defines one here; kept where a peer sends some.
    pub tlvs: Tlvs<'a>,
}

impl<'a> Bind<'a> {
    /// Reads the body of `mode`'s command.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: a field is missing, or a string has no end.
    pub fn read(mode: BindMode, body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, |r| Self::take(mode, r))
    }

    pub(crate) fn take<M: Mode>(mode: BindMode, r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let system_id = r.c_string("system_id", limits::SYSTEM_ID)?;
        let password = r.c_string("password", limits::PASSWORD)?;
        let system_type = r.c_string("system_type", limits::SYSTEM_TYPE)?;
        // Some peers older than 3.3 end here: what is missing is 0 or empty.
        let [version] = r.unless_over(|r| r.octets(&["interface_version"]))?;
        let [ton, npi] = r.unless_over(|r| r.octets(&["addr_ton", "addr_npi"]))?;
        let address_range = r.unless_over(|r| r.last_c_string("address_range", limits::ADDRESS_RANGE))?;
        Ok(Self {
            mode,
            system_id,
            password,
            system_type,
            interface_version: InterfaceVersion(version),
            addr_ton: Ton(ton),
            addr_npi: Npi(npi),
            address_range,
            tlvs: r.tlvs(),
        })
    }
}

impl Body for Bind<'_> {
    fn command_id(&self) -> CommandId {
        self.mode.command()
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        // Taken apart by name, so that a new field cannot be forgotten here.
        let Self {
            mode: _,
            system_id,
            password,
            system_type,
            interface_version,
            addr_ton,
            addr_npi,
            address_range,
            tlvs,
        } = self;
        v.c_string("system_id", system_id, limits::SYSTEM_ID)?;
        v.c_string("password", password, limits::PASSWORD)?;
        v.c_string("system_type", system_type, limits::SYSTEM_TYPE)?;
        v.octets(
            &["interface_version", "addr_ton", "addr_npi"],
            [interface_version.0, addr_ton.0, addr_npi.0],
        )?;
        v.c_string("address_range", address_range, limits::ADDRESS_RANGE)?;
        v.tlvs(tlvs)
    }
}

/// The answer to a bind (SMPP 5.0 §4.1.1.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BindResp<'a> {
    /// The command; not in the body.
    pub mode: BindMode,
    /// The message centre's own; empty where the response has no body.
    pub system_id: &'a [u8],
    pub tlvs: Tlvs<'a>,
}

impl<'a> BindResp<'a> {
    /// Reads the body of the response to `mode`'s command; refusals often have none.
    ///
    /// # Errors
    ///
    /// [`Malformed`]: `system_id` has no end.
    pub fn read(mode: BindMode, body: &'a [u8]) -> Result<(Self, Warnings), Malformed> {
        read::generously(body, |r| Self::take(mode, r))
    }

    pub(crate) fn take<M: Mode>(mode: BindMode, r: &mut Reader<'a, M>) -> Result<Self, Malformed> {
        let system_id = r.first_of_response("system_id", limits::SYSTEM_ID)?;
        Ok(Self { mode, system_id, tlvs: r.tlvs() })
    }

    /// The version the message centre says it speaks. Without it, it is to be taken for 3.3.
    pub fn sc_interface_version(&self) -> Option<InterfaceVersion> {
        let version = self.tlvs.get(Tag::SC_INTERFACE_VERSION)?.integer()?;
        u8::try_from(version).ok().map(InterfaceVersion)
    }
}

impl Body for BindResp<'_> {
    fn command_id(&self) -> CommandId {
        self.mode.command().response()
    }

    fn visit<V: Visit>(&self, v: &mut V) -> Result<(), Unwritable> {
        let Self { mode: _, system_id, tlvs } = self;
        v.c_string("system_id", system_id, limits::SYSTEM_ID)?;
        v.tlvs(tlvs)
    }
}
