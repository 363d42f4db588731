//! Who binds, and as what: the mode of a bind is a type.

use smpp_wire::{Bind, BindMode, InterfaceVersion, Npi, Ton};

/// What a bind says beside its mode.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Login {
    /// Who we are.
    pub system_id: String,
    /// At most 8 octets by the specification; longer ones are sent as they are.
    pub password: String,
    /// What kind of system we are; mostly empty.
    pub system_type: String,
    /// The addresses we want to receive for, as the peer understands it; mostly empty.
    pub address_range: String,
}

impl Login {
    /// The body of a bind of this mode.
    pub fn to_bind(&self, mode: BindMode, interface_version: InterfaceVersion) -> Bind<'_> {
        Bind {
            mode,
            system_id: self.system_id.as_bytes(),
            password: self.password.as_bytes(),
            system_type: self.system_type.as_bytes(),
            interface_version,
            addr_ton: Ton::UNKNOWN,
            addr_npi: Npi::UNKNOWN,
            address_range: self.address_range.as_bytes(),
            ..Default::default()
        }
    }

    fn new(system_id: impl Into<String>, password: impl Into<String>) -> Self {
        Self { system_id: system_id.into(), password: password.into(), ..Self::default() }
    }
}

/// The password is not shown.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("system_id", &self.system_id).finish_non_exhaustive()
    }
}

/// A bind mode.
pub trait Mode: private::Sealed + Send + Sync {
    /// The mode as a value.
    const MODE: BindMode;

    /// What the bind says.
    fn login(&self) -> &Login;
}

/// A mode in which an ESME may submit.
pub trait Transmits: Mode {}

/// Binds to submit.
#[derive(Clone, Debug)]
pub struct Transmitter(pub Login);

/// Binds to be delivered to.
#[derive(Clone, Debug)]
pub struct Receiver(pub Login);

/// Binds for both, over one connection.
#[derive(Clone, Debug)]
pub struct Transceiver(pub Login);

impl Transmitter {
    /// With an empty system_type and address_range.
    pub fn new(system_id: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Login::new(system_id, password))
    }
}

impl Receiver {
    /// With an empty system_type and address_range.
    pub fn new(system_id: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Login::new(system_id, password))
    }
}

impl Transceiver {
    /// With an empty system_type and address_range.
    pub fn new(system_id: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Login::new(system_id, password))
    }
}

impl Mode for Transmitter {
    const MODE: BindMode = BindMode::Transmitter;

    fn login(&self) -> &Login {
        &self.0
    }
}

impl Mode for Receiver {
    const MODE: BindMode = BindMode::Receiver;

    fn login(&self) -> &Login {
        &self.0
    }
}

impl Mode for Transceiver {
    const MODE: BindMode = BindMode::Transceiver;

    fn login(&self) -> &Login {
        &self.0
    }
}

impl Transmits for Transmitter {}
impl Transmits for Transceiver {}

mod private {
    pub trait Sealed {}
    impl Sealed for super::Transmitter {}
    impl Sealed for super::Receiver {}
    impl Sealed for super::Transceiver {}
}
