//! The configuration file of a centre under test (DESIGN §8).

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::ports;

/// The account that every setup has.
pub const SYSTEM_ID: &str = "acme";
/// Its password.
pub const PASSWORD: &str = "s3cret-8";

/// A centre with one account, and one link where there is a carrier.
#[derive(Clone, Debug)]
pub struct Setup {
    pub smpp: SocketAddr,
    pub http: SocketAddr,
    pub data: PathBuf,
    pub durability: Durability,
    /// Further lines of `[smpp]`.
    pub smpp_more: String,
    /// Further lines of `[store]`.
    pub store: String,
    pub account: Account,
    pub link: Option<Link>,
    /// What follows at the foot of the file.
    pub more: String,
}

/// When an answer may leave.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Durability {
    /// After an fsync.
    Power,
    /// After the write.
    Process,
}

/// The bounds of the account.
#[derive(Clone, Debug)]
pub struct Account {
    pub binds_max: u32,
    pub window_max: u32,
    /// Further lines of the account.
    pub more: String,
}

/// The link to the carrier that takes everything.
#[derive(Clone, Debug)]
pub struct Link {
    pub address: SocketAddr,
    pub binds: u32,
    pub window: u32,
    /// Whether the carrier is asked for receipts.
    pub receipts: bool,
    /// `hold`, `retry` or `fail`.
    pub in_doubt: &'static str,
    /// Further lines of the link.
    pub more: String,
}

impl Link {
    /// Two binds with a window of 100, receipts asked for, in doubt sent again.
    #[must_use]
    pub fn to(address: SocketAddr) -> Self {
        Self { address, binds: 2, window: 100, receipts: true, in_doubt: "retry", more: String::new() }
    }

    /// The same with further lines.
    #[must_use]
    pub fn with(self, more: &str) -> Self {
        Self { more: format!("{}{more}\n", self.more), ..self }
    }
}

impl Setup {
    /// Fresh ports, `data` below `folder`, and no carrier.
    #[must_use]
    pub fn below(folder: &Path) -> Self {
        Self {
            smpp: ports::free(),
            http: ports::free(),
            data: folder.join("data"),
            durability: Durability::Power,
            smpp_more: String::new(),
            store: String::new(),
            account: Account { binds_max: 8, window_max: 1000, more: String::new() },
            link: None,
            more: String::new(),
        }
    }

    /// The same with a carrier.
    #[must_use]
    pub fn with_link(self, link: Link) -> Self {
        Self { link: Some(link), ..self }
    }

    /// The text of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let Self { smpp, http, data, durability, smpp_more, store, account, link, more } = self;
        let durability = match durability {
            Durability::Power => "power",
            Durability::Process => "process",
        };
        let mut toml = String::new();
        let Account { binds_max, window_max, more: of_account } = account;
        // Writing into a String does not fail.
        let _ = write!(
            toml,
            "[smpp]\nlisten = [\"{smpp}\"]\n{smpp_more}\n[http]\nlisten = \"{http}\"\n\n\
             [store]\npath = \"{}\"\ndurability = \"{durability}\"\n{store}\n\
             [[account]]\nsystem_id = \"{SYSTEM_ID}\"\npassword = \"{PASSWORD}\"\n\
             binds_max = {binds_max}\nwindow_max = {window_max}\n{of_account}",
            data.display()
        );
        if let Some(Link { address, binds, window, receipts, in_doubt, more }) = link {
            let _ = write!(
                toml,
                "\n[[link]]\nname = \"carrier\"\naddress = \"{address}\"\nsystem_id = \"chappe\"\npassword = \"carrier\"\n\
                 binds = {binds}\nwindow = {window}\nreceipts = {receipts}\nin_doubt = \"{in_doubt}\"\n{more}\n\
                 [[route]]\nname = \"all\"\ndestination = [\"385*\"]\nvia = [\"carrier\"]\n\n\
                 [[route]]\nname = \"answers\"\ndestination = [\"12345\"]\nvia = [\"account:{SYSTEM_ID}\"]\n"
            );
        }
        toml.push_str(more);
        toml
    }
}
