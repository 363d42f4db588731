//! `command_id` and the table of commands.

use core::fmt;

use super::InterfaceVersion;
use State::{BoundRx, BoundTrx, BoundTx, Open, Outbound, Unbound};

/// What a PDU asks or answers (SMPP 5.0 §4.7.5). Any number is kept; [`COMMANDS`] names the known ones.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CommandId(pub u32);

impl CommandId {
    pub const GENERIC_NACK: Self = Self(0x80000000);
    pub const BIND_RECEIVER: Self = Self(0x00000001);
    pub const BIND_RECEIVER_RESP: Self = Self(0x80000001);
    pub const BIND_TRANSMITTER: Self = Self(0x00000002);
    pub const BIND_TRANSMITTER_RESP: Self = Self(0x80000002);
    pub const QUERY_SM: Self = Self(0x00000003);
    pub const QUERY_SM_RESP: Self = Self(0x80000003);
    pub const SUBMIT_SM: Self = Self(0x00000004);
    pub const SUBMIT_SM_RESP: Self = Self(0x80000004);
    pub const DELIVER_SM: Self = Self(0x00000005);
    pub const DELIVER_SM_RESP: Self = Self(0x80000005);
    pub const UNBIND: Self = Self(0x00000006);
    pub const UNBIND_RESP: Self = Self(0x80000006);
    pub const REPLACE_SM: Self = Self(0x00000007);
    pub const REPLACE_SM_RESP: Self = Self(0x80000007);
    pub const CANCEL_SM: Self = Self(0x00000008);
    pub const CANCEL_SM_RESP: Self = Self(0x80000008);
    pub const BIND_TRANSCEIVER: Self = Self(0x00000009);
    pub const BIND_TRANSCEIVER_RESP: Self = Self(0x80000009);
    pub const OUTBIND: Self = Self(0x0000000B);
    pub const ENQUIRE_LINK: Self = Self(0x00000015);
    pub const ENQUIRE_LINK_RESP: Self = Self(0x80000015);
    pub const SUBMIT_MULTI: Self = Self(0x00000021);
    pub const SUBMIT_MULTI_RESP: Self = Self(0x80000021);
    pub const PARAM_RETRIEVE: Self = Self(0x00000022);
    pub const PARAM_RETRIEVE_RESP: Self = Self(0x80000022);
    pub const QUERY_LAST_MSGS: Self = Self(0x00000023);
    pub const QUERY_LAST_MSGS_RESP: Self = Self(0x80000023);
    pub const QUERY_MSG_DETAILS: Self = Self(0x00000024);
    pub const QUERY_MSG_DETAILS_RESP: Self = Self(0x80000024);
    pub const ALERT_NOTIFICATION: Self = Self(0x00000102);
    pub const DATA_SM: Self = Self(0x00000103);
    pub const DATA_SM_RESP: Self = Self(0x80000103);
    pub const BROADCAST_SM: Self = Self(0x00000111);
    pub const BROADCAST_SM_RESP: Self = Self(0x80000111);
    pub const QUERY_BROADCAST_SM: Self = Self(0x00000112);
    pub const QUERY_BROADCAST_SM_RESP: Self = Self(0x80000112);
    pub const CANCEL_BROADCAST_SM: Self = Self(0x00000113);
    pub const CANCEL_BROADCAST_SM_RESP: Self = Self(0x80000113);

    const RESPONSE_BIT: u32 = 0x8000_0000;

    /// Whether this answers a request; `generic_nack` does.
    pub const fn is_response(self) -> bool {
        self.0 & Self::RESPONSE_BIT != 0
    }

    /// The id that answers this one (itself, where it already is a response).
    pub const fn response(self) -> Self {
        Self(self.0 | Self::RESPONSE_BIT)
    }

    /// The id this one answers (itself, where it already is a request). Of `generic_nack` it is 0, which no
    /// request has.
    pub const fn request(self) -> Self {
        Self(self.0 & !Self::RESPONSE_BIT)
    }

    /// The specification's name, `submit_sm`; `None` for an id no version defines.
    pub fn name(self) -> Option<&'static str> {
        self.command().map(|command| command.name)
    }

    /// The row of [`COMMANDS`].
    pub fn command(self) -> Option<&'static Command> {
        COMMANDS.iter().find(|command| command.id == self)
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "command 0x{:08X}", self.0),
        }
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandId({self})")
    }
}

/// The two ends of a session.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Side {
    /// The external short message entity: the client.
    Esme,
    /// The message centre: the server.
    Mc,
}

/// The states of a session (SMPP 5.0 §2.3).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum State {
    Open,
    Outbound,
    BoundTx,
    BoundRx,
    BoundTrx,
    Unbound,
}

/// The states in which each side may send a command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sent {
    pub by_esme: &'static [State],
    pub by_mc: &'static [State],
}

impl Sent {
    const fn new(by_esme: &'static [State], by_mc: &'static [State]) -> Self {
        Self { by_esme, by_mc }
    }

    pub fn permits(&self, side: Side, state: State) -> bool {
        match side {
            Side::Esme => self.by_esme.contains(&state),
            Side::Mc => self.by_mc.contains(&state),
        }
    }
}

/// A row of [`COMMANDS`].
#[derive(Clone, Copy, Debug)]
pub struct Command {
    pub id: CommandId,
    pub name: &'static str,
    /// The first and the last version that have it.
    pub since: InterfaceVersion,
    pub until: InterfaceVersion,
    /// Who may send it when, in 3.4; for 3.3 the same without `BoundTrx`.
    pub sent: Sent,
    /// The same in 5.0, where 5.0 differs.
    pub sent_v50: Option<Sent>,
}

impl Command {
    /// Whether `side` may send this in `state`, going by `version`.
    pub fn permits(&self, side: Side, state: State, version: InterfaceVersion) -> bool {
        match self.sent_v50 {
            Some(sent) if version >= InterfaceVersion::V5_0 => sent.permits(side, state),
            _ => self.sent.permits(side, state),
        }
    }
}

const V3_3: InterfaceVersion = InterfaceVersion::V3_3;
const V3_4: InterfaceVersion = InterfaceVersion::V3_4;
const V5_0: InterfaceVersion = InterfaceVersion::V5_0;

// The sets of states that rows name, so that a row fits a line.
const NEVER: &[State] = &[];
const OPEN: &[State] = &[Open];
const UNBOUND_YET: &[State] = &[Open, Outbound];
const SENDERS: &[State] = &[BoundTx, BoundTrx];
const RECEIVERS: &[State] = &[BoundRx, BoundTrx];
const BOUND: &[State] = &[BoundTx, BoundRx, BoundTrx];
const TX: &[State] = &[BoundTx];
const ANY: &[State] = &[Open, Outbound, BoundTx, BoundRx, BoundTrx, Unbound];

/// One row a command (SMPP 5.0 §2.4, §4.7.5): since when, and who may send it in which state. The three
/// commands of 3.3 alone have no number in its text; theirs are the ones implementations share.
#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    Command { id: CommandId::GENERIC_NACK,             name: "generic_nack",             since: V3_3, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: Some(Sent::new(ANY, ANY)) },
    Command { id: CommandId::BIND_RECEIVER,            name: "bind_receiver",            since: V3_3, until: V5_0, sent: Sent::new(OPEN, NEVER),      sent_v50: Some(Sent::new(UNBOUND_YET, NEVER)) },
    Command { id: CommandId::BIND_RECEIVER_RESP,       name: "bind_receiver_resp",       since: V3_3, until: V5_0, sent: Sent::new(NEVER, OPEN),      sent_v50: Some(Sent::new(NEVER, UNBOUND_YET)) },
    Command { id: CommandId::BIND_TRANSMITTER,         name: "bind_transmitter",         since: V3_3, until: V5_0, sent: Sent::new(OPEN, NEVER),      sent_v50: Some(Sent::new(UNBOUND_YET, NEVER)) },
    Command { id: CommandId::BIND_TRANSMITTER_RESP,    name: "bind_transmitter_resp",    since: V3_3, until: V5_0, sent: Sent::new(NEVER, OPEN),      sent_v50: Some(Sent::new(NEVER, UNBOUND_YET)) },
    Command { id: CommandId::QUERY_SM,                 name: "query_sm",                 since: V3_3, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::QUERY_SM_RESP,            name: "query_sm_resp",            since: V3_3, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::SUBMIT_SM,                name: "submit_sm",                since: V3_3, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::SUBMIT_SM_RESP,           name: "submit_sm_resp",           since: V3_3, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::DELIVER_SM,               name: "deliver_sm",               since: V3_3, until: V5_0, sent: Sent::new(NEVER, RECEIVERS), sent_v50: None },
    Command { id: CommandId::DELIVER_SM_RESP,          name: "deliver_sm_resp",          since: V3_3, until: V5_0, sent: Sent::new(RECEIVERS, NEVER), sent_v50: None },
    Command { id: CommandId::UNBIND,                   name: "unbind",                   since: V3_3, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: None },
    Command { id: CommandId::UNBIND_RESP,              name: "unbind_resp",              since: V3_3, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: None },
    Command { id: CommandId::REPLACE_SM,               name: "replace_sm",               since: V3_3, until: V5_0, sent: Sent::new(TX, NEVER),        sent_v50: Some(Sent::new(SENDERS, NEVER)) },
    Command { id: CommandId::REPLACE_SM_RESP,          name: "replace_sm_resp",          since: V3_3, until: V5_0, sent: Sent::new(NEVER, TX),        sent_v50: Some(Sent::new(NEVER, SENDERS)) },
    Command { id: CommandId::CANCEL_SM,                name: "cancel_sm",                since: V3_3, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::CANCEL_SM_RESP,           name: "cancel_sm_resp",           since: V3_3, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::BIND_TRANSCEIVER,         name: "bind_transceiver",         since: V3_4, until: V5_0, sent: Sent::new(OPEN, NEVER),      sent_v50: Some(Sent::new(UNBOUND_YET, NEVER)) },
    Command { id: CommandId::BIND_TRANSCEIVER_RESP,    name: "bind_transceiver_resp",    since: V3_4, until: V5_0, sent: Sent::new(NEVER, OPEN),      sent_v50: Some(Sent::new(NEVER, UNBOUND_YET)) },
    Command { id: CommandId::OUTBIND,                  name: "outbind",                  since: V3_4, until: V5_0, sent: Sent::new(NEVER, OPEN),      sent_v50: None },
    Command { id: CommandId::ENQUIRE_LINK,             name: "enquire_link",             since: V3_3, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: Some(Sent::new(ANY, ANY)) },
    Command { id: CommandId::ENQUIRE_LINK_RESP,        name: "enquire_link_resp",        since: V3_3, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: Some(Sent::new(ANY, ANY)) },
    Command { id: CommandId::SUBMIT_MULTI,             name: "submit_multi",             since: V3_3, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::SUBMIT_MULTI_RESP,        name: "submit_multi_resp",        since: V3_3, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::PARAM_RETRIEVE,           name: "param_retrieve",           since: V3_3, until: V3_3, sent: Sent::new(TX, NEVER),        sent_v50: None },
    Command { id: CommandId::PARAM_RETRIEVE_RESP,      name: "param_retrieve_resp",      since: V3_3, until: V3_3, sent: Sent::new(NEVER, TX),        sent_v50: None },
    Command { id: CommandId::QUERY_LAST_MSGS,          name: "query_last_msgs",          since: V3_3, until: V3_3, sent: Sent::new(TX, NEVER),        sent_v50: None },
    Command { id: CommandId::QUERY_LAST_MSGS_RESP,     name: "query_last_msgs_resp",     since: V3_3, until: V3_3, sent: Sent::new(NEVER, TX),        sent_v50: None },
    Command { id: CommandId::QUERY_MSG_DETAILS,        name: "query_msg_details",        since: V3_3, until: V3_3, sent: Sent::new(TX, NEVER),        sent_v50: None },
    Command { id: CommandId::QUERY_MSG_DETAILS_RESP,   name: "query_msg_details_resp",   since: V3_3, until: V3_3, sent: Sent::new(NEVER, TX),        sent_v50: None },
    Command { id: CommandId::ALERT_NOTIFICATION,       name: "alert_notification",       since: V3_4, until: V5_0, sent: Sent::new(NEVER, RECEIVERS), sent_v50: None },
    Command { id: CommandId::DATA_SM,                  name: "data_sm",                  since: V3_4, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: Some(Sent::new(SENDERS, RECEIVERS)) },
    Command { id: CommandId::DATA_SM_RESP,             name: "data_sm_resp",             since: V3_4, until: V5_0, sent: Sent::new(BOUND, BOUND),     sent_v50: Some(Sent::new(RECEIVERS, SENDERS)) },
    Command { id: CommandId::BROADCAST_SM,             name: "broadcast_sm",             since: V5_0, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::BROADCAST_SM_RESP,        name: "broadcast_sm_resp",        since: V5_0, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::QUERY_BROADCAST_SM,       name: "query_broadcast_sm",       since: V5_0, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::QUERY_BROADCAST_SM_RESP,  name: "query_broadcast_sm_resp",  since: V5_0, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
    Command { id: CommandId::CANCEL_BROADCAST_SM,      name: "cancel_broadcast_sm",      since: V5_0, until: V5_0, sent: Sent::new(SENDERS, NEVER),   sent_v50: None },
    Command { id: CommandId::CANCEL_BROADCAST_SM_RESP, name: "cancel_broadcast_sm_resp", since: V5_0, until: V5_0, sent: Sent::new(NEVER, SENDERS),   sent_v50: None },
];
